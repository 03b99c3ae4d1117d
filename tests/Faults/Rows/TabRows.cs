using Connections.Faults.Tests.Crowd;
using Connections.Faults.Tests.Stage;
using Connections.Testing.Lines;

namespace Connections.Faults.Tests.Rows;

/// <summary>Tabs that go, and tabs that are in the way.</summary>
public static class TabRows
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>The rows.</summary>
    public static IReadOnlyList<Fault> All { get; } =
    [
        new("tabs cut (RST), all of one front", "they resume with every frame", CutAsync) { Touches = Touches.Some },
        new("tabs' line is a black hole for 12 s, one front", "they find out by their pings and resume elsewhere with every frame", BlackHoleAsync)
        {
            Touches = Touches.Some, LiveWithin = 15 * Second, Lasts = 12 * Second,
        },
        new("tabs' line: 40 ms latency, 40 ms jitter, one byte at a time", "everything comes, later by that", SpoilAsync) { Slows = TimeSpan.FromMilliseconds(80) },
        new("1,000 slow tabs", "they read nothing of 43 KB/s each, and are closed as `slow` when the kernel takes no more; nobody else notices", s => CrowdsOfTabs.SlowAsync(s, 1_000))
        {
            Lasts = 45 * Second,
        },
        new("10,000 half-open connections", "TCP and no request, half a request, a WebSocket and no open; nobody else notices", s => CrowdsOfTabs.HalfOpenAsync(s, 10_000))
        {
            Lasts = 15 * Second, LiveWithin = 15 * Second,
        },
        new("tab flood (10 tabs of a user send as fast as they can)", "they get no more than the user's rate; nobody else notices", FloodAsync) { IsInShortRun = true },
    ];

    private static Task<Heal> CutAsync(GatewayStage stage)
    {
        stage.FrontLines[0].CutOpen(reset: true);
        return Task.FromResult<Heal>(() => Task.CompletedTask);
    }

    private static Task<Heal> BlackHoleAsync(GatewayStage stage) => SpoilAsync(stage, LineFault.BlackHole);

    private static Task<Heal> SpoilAsync(GatewayStage stage) => SpoilAsync(stage, new LineFault
    {
        Latency = TimeSpan.FromMilliseconds(40),
        Jitter = TimeSpan.FromMilliseconds(40),
        SplitAt = 1,
    });

    private static Task<Heal> SpoilAsync(GatewayStage stage, LineFault fault)
    {
        stage.FrontLines[0].Fault = fault;
        return Task.FromResult<Heal>(() =>
        {
            stage.FrontLines[0].Fault = LineFault.None;
            return Task.CompletedTask;
        });
    }

    private static async Task<Heal> FloodAsync(GatewayStage stage)
    {
        const int tabs = 10;
        var stop = new CancellationTokenSource();
        var floods = await Task.WhenAll(Enumerable.Range(0, tabs).Select(i => TabFlood.BeginAsync(stage.Fronts[0].Address, "flooder", stop.Token)));
        return async () =>
        {
            await stop.CancelAsync();
            await Task.WhenAll(floods.Select(f => f.Ended));
            stop.Dispose();
            stage.Note($"{floods.Sum(f => f.Taken)} messages were taken, {floods.Sum(f => f.Refused)} refused for their rate, {floods.Count(f => f.IsClosed)} tabs closed");
        };
    }
}
