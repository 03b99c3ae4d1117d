using System.Globalization;
using Connections.Testing;
using Connections.Testing.Processes;
using Connections.Testing.Tabs;

namespace Connections.Upstream.Tests;

/// <summary>What a backend sees that refuses everybody for a while and then recovers: one probe at a time, and then a ramp.</summary>
/// <remarks>OUTAGE_USERS, OUTAGE_BUDGET and OUTAGE_SECONDS make it larger; 300 users, 50 dials a second and 15 s by default.</remarks>
[Collection(nameof(Alone))]
public sealed class TheBackendIsDown(ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly int Budget = Setting("OUTAGE_BUDGET", 50);
    private static readonly int Users = Setting("OUTAGE_USERS", 300);
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(Setting("OUTAGE_SECONDS", 15));

    // A backend that stands still for a moment, as one does that drops thousands of lines, sees at once what arrived meanwhile. What may be under
    // way from both silos is the tenth that the pace leaves of 1.2 times the budget, so that the promise holds then too.
    private static readonly int UnderWay = Math.Max(1, Budget / 20);

    private readonly GatewayCluster _cluster = new(
        siloSettings: [$"Upstream:DialsPerSecond={Budget}", $"Upstream:MaxConcurrentDials={UnderWay}"], backendSettings: ["--Backend:TickInterval=00:00:01"]);

    public async ValueTask InitializeAsync() => await _cluster.StartAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task In_no_second_of_an_outage_and_the_recovery_are_there_more_dials_than_the_budget_allows()
    {
        await using var tabs = await UserTabs.OpenAsync(_cluster, "outage", Users);
        await Eventually.HoldsAsync(
            async () => await _cluster.Backend.ConnectionsAsync() == Users, "every user has an upstream", TimeSpan.FromSeconds(20 + (2 * Users / Budget)), _cluster.Output);
        await _cluster.Backend.ResetAsync();
        var writesBefore = await _cluster.Redis.WritesAsync();

        await _cluster.Backend.FaultAsync(new { mode = "refuse", status = 503 });
        await _cluster.Backend.DropAsync();
        await Eventually.StaysAsync(async () => await _cluster.Backend.ConnectionsAsync() == 0, "the backend is down", Outage);
        var writes = await _cluster.Redis.WritesAsync() - writesBefore;
        var duringOutage = await _cluster.Backend.DialsAsync();
        await _cluster.Backend.HealAsync();
        var healed = TimeProvider.System.GetTimestamp();
        await Eventually.HoldsAsync(
            async () => await _cluster.Backend.ConnectionsAsync() == Users,
            "every user is back",
            TimeSpan.FromSeconds(60 + (Users / Budget)),
            _cluster.Output);
        var back = TimeProvider.System.GetElapsedTime(healed);
        await tabs.AllHaveFramesAfterNowAsync(_cluster);

        var dials = await _cluster.Backend.DialWindowsAsync();
        output.WriteLine($"{Users} users, budget {Budget}/s: {duringOutage} dials in {Outage.TotalSeconds:0} s of outage, at most {dials.MostInASecond} in any second and " +
            $"{dials.MostInAWindow} in any window of 100 ms, all back after {back.TotalSeconds:0.0} s, {writes} state writes in the outage");
        output.WriteLine("Dials in each window of 100 ms, from the first:");
        output.WriteLine($"{dials}");

        Assert.InRange(dials.MostInASecond, 1, (int)(Budget * 1.2));
        Assert.InRange(back, TimeSpan.Zero, TimeSpan.FromSeconds(((double)Users / Budget) + 10));
        Assert.InRange(writes, 0, Users / 10);
        Assert.All(tabs.All, t => Assert.Empty(t.History.Violations));
        Assert.All(tabs.All, t => Assert.Empty(t.History.Gaps));
    }

    private static int Setting(string name, int otherwise) =>
        int.Parse(Environment.GetEnvironmentVariable(name) ?? otherwise.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
