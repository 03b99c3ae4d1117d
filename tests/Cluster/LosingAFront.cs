using Connections.Testing;
using Connections.Testing.Processes;
using Connections.Testing.Tabs;

namespace Connections.Cluster.Tests;

/// <summary>What users see when the front that holds their tabs goes, by a crash or in order.</summary>
[Collection(nameof(Alone))]
public sealed class LosingAFront(ClusterFixture fixture) : IClassFixture<ClusterFixture>
{
    private readonly GatewayCluster _cluster = fixture.Cluster;

    [Fact]
    public async Task Tabs_of_a_killed_front_resume_on_the_other_with_no_frame_missing()
    {
        var doomed = await _cluster.StartFrontAsync();
        var tabs = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => HubTab.OpenAsync(doomed.Address, $"front-kill-{i}")));
        await Eventually.HoldsAsync(() => tabs.All(t => t.History.Count > 3), "every tab has frames", seen: _cluster.Output);

        await doomed.Process.KillAsync();
        await Task.WhenAll(tabs.Select(t => t.Closed));
        var resumed = await Task.WhenAll(tabs.Select(t => HubTab.OpenAsync(_cluster.Fronts[0].Address, t.Opened.User, t.History)));

        await Eventually.HoldsAsync(() => resumed.All(t => t.History.Count > 15), "every tab goes on", seen: _cluster.Output);
        foreach (var tab in resumed)
        {
            Assert.True(tab.Opened.Recovered);
            Assert.Empty(tab.History.Gaps);
            Assert.Empty(tab.History.Violations);
            CountsHaveNoHole(tab);
            Assert.Equal(1, (await _cluster.Backend.UserAsync(tab.Opened.User)).Dials);
            await tab.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_front_that_is_asked_to_stop_tells_its_tabs_when_to_come_back()
    {
        var leaving = await _cluster.StartFrontAsync();
        await using var tab = await HubTab.OpenAsync(leaving.Address, "front-stop");
        await Eventually.HoldsAsync(() => tab.History.Count > 3, "the tab has frames", seen: _cluster.Output);

        Assert.Equal(0, await leaving.Process.TerminateAsync(TimeSpan.FromSeconds(10)));
        await tab.Closed;
        Assert.Equal("going-away", tab.Closing?.Reason);
        Assert.InRange(tab.Closing!.Value.RetryAfterMs!.Value, 0, 3_000);

        await using var resumed = await HubTab.OpenAsync(_cluster.Fronts[1].Address, "front-stop", tab.History);
        await Eventually.HoldsAsync(() => resumed.History.Count > 15, "the tab goes on", seen: _cluster.Output);
        Assert.True(resumed.Opened.Recovered);
        Assert.Empty(resumed.History.Violations);
        CountsHaveNoHole(resumed);
    }

    private static void CountsHaveNoHole(HubTab tab)
    {
        var counts = tab.History.Frames.Where(f => f.Kind == "text").Select(f => f.Count!.Value).ToArray();
        Assert.Equal(Enumerable.Range((int)counts[0], counts.Length).Select(n => (long)n), counts);
    }
}
