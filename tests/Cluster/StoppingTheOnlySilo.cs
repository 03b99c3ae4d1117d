using Connections.Testing;
using Connections.Testing.Processes;
using Connections.Testing.Tabs;

namespace Connections.Cluster.Tests;

/// <summary>A silo that is asked to stop when there is no other: an upgrade of a small deployment, or the end of one.</summary>
[Collection(nameof(Alone))]
public sealed class StoppingTheOnlySilo : IAsyncLifetime
{
    private const int Users = 100;

    private readonly GatewayCluster _cluster = new(backendSettings: ["--Backend:TickInterval=00:00:01"]);

    public async ValueTask InitializeAsync() => await _cluster.StartAsync(silos: 1, fronts: 1);

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Its_users_are_let_go_once_dialled_by_nobody_and_back_when_there_is_a_silo_again()
    {
        await using var tabs = await UserTabs.OpenAsync(_cluster, "only", Users);
        await tabs.AllHaveFramesAfterNowAsync(_cluster);
        await _cluster.Backend.ResetAsync();
        var silo = _cluster.Silos[0].Process;
        var front = _cluster.Fronts[0].Process;

        silo.Terminate();
        await Eventually.HoldsAsync(() => silo.HasExited, "the silo has stopped", TimeSpan.FromSeconds(8), _cluster.Output);
        Assert.Equal(0, silo.ExitCode);
        Assert.Equal(0, await _cluster.Backend.DialsAsync());
        Assert.Equal(0, await _cluster.Backend.ConnectionsAsync());
        await Eventually.HoldsAsync(
            () => front.Output.Contains("No silo can be reached any more", StringComparison.Ordinal), "the front says that there is no silo", seen: _cluster.Output);

        await _cluster.StartSiloAsync();
        await tabs.AllHaveFramesAfterNowAsync(_cluster);
        Assert.Equal(Users, await _cluster.Backend.DialsAsync());
        Assert.All(tabs.All, t => Assert.Empty(t.History.Violations));

        // Not a line for each user and each time that it is asked for.
        Assert.InRange(front.Output.Split('\n').Count(l => l.Contains("Orleans.Messaging", StringComparison.Ordinal)), 0, 10);
    }
}
