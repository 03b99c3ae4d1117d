using System.Globalization;
using Connections.Testing;
using Connections.Testing.Processes;
using Connections.Testing.Tabs;

namespace Connections.Upstream.Tests;

/// <summary>A user whom the backend does not want concerns nobody else.</summary>
public sealed class ARefusedUser(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Others = 20;
    private const int Refusals = 30;
    private const string Refused = "refused";

    // Waits of next to nothing: the refusals of the one user alone would make half of 20 dials within 10 s, and more than 20 in a row.
    private readonly GatewayCluster _cluster = new(
        siloSettings:
        [
            "Upstream:Breaker:BreakDuration=00:00:00.050",
            "Upstream:Breaker:MaxBreakDuration=00:00:00.050",
            "Upstream:Backoff:MinDelay=00:00:00.010",
            "Upstream:Backoff:BaseDelay=00:00:00.020",
            "Upstream:Backoff:MaxDelay=00:00:00.050",
        ]);

    public async ValueTask InitializeAsync() => await _cluster.StartAsync(silos: 1, fronts: 1);

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task Thirty_refusals_open_that_users_breaker_and_touch_no_other_user(int status)
    {
        await using var others = await UserTabs.OpenAsync(_cluster, "other", Others);
        await Eventually.HoldsAsync(() => others.All.All(t => t.State is { Upstream: "open" }), "every other upstream is open", seen: _cluster.Output);
        await _cluster.Backend.FaultAsync(new { mode = "refuse", status, users = new[] { Refused } });

        await using var tab = await HubTab.OpenAsync(_cluster.Fronts[0].Address, Refused);
        await Eventually.HoldsAsync(
            async () => (await _cluster.Backend.UserAsync(Refused)).Dials >= Refusals, $"{Refusals} dials were refused", TimeSpan.FromSeconds(30), _cluster.Output);
        await Eventually.HoldsAsync(
            () => tab.State is { Breaker: { State: "open", Trips: > 1 }, Upstream: "waiting" }, "the refused user's breaker is open", seen: _cluster.Output);
        Assert.Contains(status.ToString(CultureInfo.InvariantCulture), tab.State!.Reason, StringComparison.Ordinal);

        // A newcomer passes the health of the backend like any other dial, and is let in at once.
        await using var newcomer = await HubTab.OpenAsync(_cluster.Fronts[0].Address, "newcomer");
        await Eventually.HoldsAsync(() => newcomer.State is { Upstream: "open" }, "a newcomer's upstream is open", TimeSpan.FromSeconds(3), _cluster.Output);

        foreach (var other in others.All)
        {
            var state = await other.AskStateAsync();
            Assert.Equal(("open", "closed", 0, 0), (state.Upstream, state.Breaker.State, state.Breaker.Failures, state.Breaker.Trips));
            Assert.Equal(1, (await _cluster.Backend.UserAsync(other.Opened.User)).Dials);
            Assert.DoesNotContain(other.History.Frames, f => f.Kind == "upstream-closed");
        }

        Assert.DoesNotContain("Health of the upstream", _cluster.Output(), StringComparison.Ordinal);
        output.WriteLine($"{(await _cluster.Backend.UserAsync(Refused)).Dials} dials refused with {status}, {tab.State.Breaker.Trips} trips; {Others} others with one dial each");
    }
}
