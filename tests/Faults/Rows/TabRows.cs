using Connections.Faults.Tests.Crowd;
using Connections.Faults.Tests.Stage;
using Connections.Testing;
using Connections.Testing.Lines;
using Connections.Testing.Tabs;

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
        new("1,000 slow tabs", "they read nothing of a flood, and are closed as `slow`; nobody else notices", s => CrowdsOfTabs.SlowAsync(s, 1_000))
        {
            Lasts = 15 * Second, LiveWithin = 15 * Second,
        },
        new("10,000 half-open connections", "TCP and no request, half a request, a WebSocket and no open; nobody else notices", s => CrowdsOfTabs.HalfOpenAsync(s, 10_000))
        {
            Lasts = 15 * Second, LiveWithin = 15 * Second,
        },
        new("tab flood (a tab sends as fast as it can)", "it is refused (`rate`) and closed with 4006; nobody else notices", FloodAsync) { IsInShortRun = true },
    ];

    private static Task<Heal> CutAsync(GatewayStage stage)
    {
        stage.FrontLines[0].CutOpen(reset: true);
        return Task.FromResult<Heal>(() => Task.CompletedTask);
    }

    private static Task<Heal> BlackHoleAsync(GatewayStage stage) => SpoilAsync(stage, LineFault.BlackHole);

    private static Task<Heal> SpoilAsync(GatewayStage stage) => SpoilAsync(stage, new LineFault
    {
        Latency = TimeSpan.FromMilliseconds(40), Jitter = TimeSpan.FromMilliseconds(40), SplitAt = 1,
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
        using var tab = (await RawTab.OpenAsync(stage.Fronts[0].Address, "flooder")).Tab;
        var sent = 0;
        var sending = SendAsync();
        await Eventually.HoldsAsync(async () => await tab.ReceiveAsync() is null, "the flooding tab is closed", 20 * Second);
        await sending;
        stage.Note($"closed with {tab.Closed.Code} after {sent} messages");
        return tab.Closed.Code == 4006
            ? () => Task.CompletedTask
            : throw new InvalidOperationException($"The flooding tab was closed with {tab.Closed}.");

        async Task SendAsync()
        {
            try
            {
                for (; ; sent++)
                    await tab.SendAsync($$"""{"type":"send","id":"flood:{{sent + 1}}","text":"x"}""");
            }
            catch (Exception e) when (e is System.Net.WebSockets.WebSocketException or ObjectDisposedException or IOException)
            {
                // It is closed, as expected.
            }
        }
    }
}
