using Connections.Testing;
using Connections.Testing.Processes;
using Connections.Testing.Tabs;

namespace Connections.Cluster.Tests;

/// <summary>However many tabs a user opens on however many fronts, the backend sees one connection.</summary>
[Collection(nameof(Alone))]
public sealed class OneUpstreamPerUser(ClusterFixture fixture) : IClassFixture<ClusterFixture>
{
    private readonly GatewayCluster _cluster = fixture.Cluster;

    [Fact]
    public async Task A_second_tab_gets_its_first_frame_without_a_new_dial()
    {
        const string user = "second-tab";
        await using var first = await HubTab.OpenAsync(_cluster.Fronts[0].Address, user);
        await Eventually.HoldsAsync(() => first.History.Count > 2, "the first tab has frames", seen: _cluster.Output);

        await using var second = await HubTab.OpenAsync(_cluster.Fronts[1].Address, user);
        await Eventually.HoldsAsync(() => second.History.Count > 2, "the second tab has frames", seen: _cluster.Output);

        Assert.Equal((1, 1, 1), await _cluster.Backend.UserAsync(user));
        Assert.Empty(first.History.Violations);
        Assert.Empty(second.History.Violations);
    }

    [Fact]
    public async Task Coming_back_inside_the_linger_makes_no_dial_and_after_it_the_upstream_is_gone()
    {
        const string user = "linger";
        var history = new TabHistory();
        await using (var tab = await HubTab.OpenAsync(_cluster.Fronts[0].Address, user, history))
            await Eventually.HoldsAsync(() => history.Count > 2, "the tab has frames", seen: _cluster.Output);

        await using (var tab = await HubTab.OpenAsync(_cluster.Fronts[1].Address, user, history))
        {
            var seen = history.Count;
            await Eventually.HoldsAsync(() => history.Count > seen + 2, "the tab has frames again", seen: _cluster.Output);
            Assert.True(tab.Opened.Recovered);
            Assert.Equal((1, 1, 1), await _cluster.Backend.UserAsync(user));
        }

        await Eventually.HoldsAsync(
            async () => (await _cluster.Backend.UserAsync(user)).Connections == 0, "the upstream is closed after the linger", seen: _cluster.Output);
        Assert.Empty(history.Violations);
        Assert.Empty(history.Gaps);
    }
}
