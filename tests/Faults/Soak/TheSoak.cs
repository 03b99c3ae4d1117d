using System.Globalization;
using Connections.Faults.Tests.Stage;
using Connections.Testing.Processes;

namespace Connections.Faults.Tests.Soak;

/// <summary>
/// 2,000 users with three tabs each, of whom 5 % a minute leave and others come, and a fault a minute: what the processes hold must stay as it is.
/// SOAK says for how many minutes; 5 by default, 60 for the long form. SOAK_USERS says how many users. Its table is left beside the tests.
/// </summary>
public sealed class TheSoak(ITestOutputHelper output)
{
    private const double ChurnPerMinute = 0.05;
    private const int Witnessed = 100;

    private static readonly int Minutes = Setting("SOAK", 5);
    private static readonly int Users = Setting("SOAK_USERS", 2_000);
    private static readonly TimeSpan FaultLasts = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);
    private static readonly TimeProvider Time = TimeProvider.System;

    // Where other runs are in a hurry, this one is as users have it.
    private static readonly string[] Usual = ["Rebalance", "Upstream:KeepAlive"];

    private static readonly (string Name, Func<GatewayStage, Task> Inject)[] Faults =
    [
        ("a silo is killed", async s => await KillAsync(s, (await s.BusiestSiloAsync()).Process)),
        ("a front is killed", s => KillAsync(s, s.Fronts[0].Process)),
        ("a tenth of the tabs is cut", CutTabsAsync),
        ("the backend resets everybody", s => RunAsync(() => s.Backend.Reset())),
        ("Redis pauses for 5 s", PauseRedisAsync),
        ("the backend is down for 5 s", BackendDownAsync),
    ];

    [Fact]
    public async Task What_the_processes_hold_stays_as_it_is()
    {
        await using var stage = await GatewayStage.StartAsync(new StageSettings
        {
            Users = Users,
            TabsPerUser = 3,
            Pace = TimeSpan.FromSeconds(4),
            Sends = TimeSpan.FromSeconds(20),
            HasLines = false,
            Witnessed = Witnessed,

            // What asks whether somebody is there is most of the work of those who come to stay, and one process plays all tabs and their backend.
            Pings = TimeSpan.FromSeconds(10),
            ComeWithin = TimeSpan.FromSeconds(20),
            SiloSettings = [.. new StageSettings().SiloSettings.Where(s => !Usual.Any(u => s.StartsWith(u, StringComparison.Ordinal)))],
        });
        await stage.BeginAsync();
        Assert.Empty(stage.Ended());
        var footprints = new List<Footprint>();
        using var table = new StreamWriter(Path.Combine(AppContext.BaseDirectory, "soak.md")) { AutoFlush = true };
        Write(Footprint.Heading);
        for (var minute = 0; minute < Minutes; minute++)
        {
            var began = Time.GetTimestamp();
            using var ends = new CancellationTokenSource(TimeSpan.FromMinutes(1), Time);
            var (name, inject) = Faults[minute % Faults.Length];
            await inject(stage);
            await stage.Crowd.IsLiveAsync(Patience, stage.Output);
            var live = Time.GetElapsedTime(began);
            Assert.Empty(stage.Ended());
            await stage.MendAsync();
            await ChurnAsync(stage, ends.Token);
            await stage.Crowd.IsLiveAsync(Patience, stage.Output);
            footprints.Add(await Footprint.OfAsync(stage));
            Write($"{footprints[^1].Line(minute + 1)} {name}: all live after {live.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s");
        }

        var problems = await stage.EndAsync(TimeSpan.FromSeconds(1));
        Assert.True(problems.Count == 0, string.Join('\n', problems));
        Flatness.Check(footprints);

        void Write(string line)
        {
            output.WriteLine(line);
            table.WriteLine(line);
        }
    }

    private static int Setting(string name, int usual) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : usual;

    // Spread over what is left of the minute.
    private static async Task ChurnAsync(GatewayStage stage, CancellationToken ends)
    {
        var leaving = (int)(Users * ChurnPerMinute);
        var pause = TimeSpan.FromSeconds(40) / leaving;
        try
        {
            for (var i = 0; i < leaving; i++)
            {
                await stage.Crowd.ReplaceUserAsync(Witnessed + Random.Shared.Next(Users - Witnessed));
                stage.Crowd.Tabs[Random.Shared.Next(Witnessed)].Leave();
                await Task.Delay(pause, Time, ends);
            }

            await Task.Delay(Timeout.InfiniteTimeSpan, Time, ends);
        }
        catch (OperationCanceledException)
        {
            // The minute is over.
        }
    }

    private static Task KillAsync(GatewayStage stage, ChildProcess process)
    {
        stage.IsExpendable(process);
        return process.KillAsync();
    }

    private static Task CutTabsAsync(GatewayStage stage) => RunAsync(() =>
    {
        foreach (var tab in stage.Crowd.Tabs.Where((_, i) => i % 10 == 0))
            tab.Leave();
    });

    private static async Task PauseRedisAsync(GatewayStage stage)
    {
        stage.Redis.Freeze();
        await Task.Delay(FaultLasts, Time);
        stage.Redis.Thaw();
    }

    private static async Task BackendDownAsync(GatewayStage stage)
    {
        stage.Backend.Stop();
        stage.Backend.Reset();
        await Task.Delay(FaultLasts, Time);
        stage.Backend.Start();
    }

    private static Task RunAsync(Action action)
    {
        action();
        return Task.CompletedTask;
    }
}
