using Connections.Testing;
using Connections.Testing.Processes;
using Connections.Testing.Tabs;

namespace Connections.Cluster.Tests;

/// <summary>Redis loses everything, the cluster's membership with it, while silos and users live.</summary>
[Collection(nameof(Alone))]
public sealed class LosingTheMembership(ClusterFixture fixture) : IClassFixture<ClusterFixture>
{
    private readonly GatewayCluster _cluster = fixture.Cluster;

    [Fact]
    public async Task It_is_put_back_while_users_go_on_and_silos_and_fronts_can_join_again()
    {
        await using var tabs = await UserTabs.OpenAsync(_cluster, "flushed", 8);
        await tabs.AllHaveFramesAfterNowAsync(_cluster);

        await _cluster.Redis.AskAsync("flushall");
        await Eventually.HoldsAsync(
            () => _cluster.Silos.Any(s => s.Process.Output.Contains("The cluster's membership is back", StringComparison.Ordinal)),
            "a silo has put the membership back", seen: _cluster.Output);

        var silo = await _cluster.StartSiloAsync();
        await _cluster.StartFrontAsync();
        await tabs.AllHaveFramesAfterNowAsync(_cluster);
        Assert.All(tabs.All, t => Assert.Empty(t.History.Gaps));
        Assert.All(tabs.All, t => Assert.DoesNotContain(t.History.Frames, f => f.Kind == "upstream-closed"));

        // The old ones and the new one know each other: a loss is found and healed as ever.
        await silo.Process.KillAsync();
        await tabs.AllHaveFramesAfterNowAsync(_cluster);
        Assert.Equal(0, await _cluster.Silos[0].Process.TerminateAsync());
        await tabs.AllHaveFramesAfterNowAsync(_cluster);
        Assert.All(tabs.All, t => Assert.Empty(t.History.Violations));
    }
}
