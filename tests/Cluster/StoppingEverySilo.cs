using Connections.Testing;
using Connections.Testing.Processes;
using Connections.Testing.Tabs;

namespace Connections.Cluster.Tests;

/// <summary>All silos are asked to stop at once: the upgrade of a small deployment, or the end of one.</summary>
[Collection(nameof(Alone))]
public sealed class StoppingEverySilo : IAsyncDisposable
{
    private const int Users = 100;

    private readonly GatewayCluster _cluster = new(backendSettings: ["--Backend:TickInterval=00:00:01"]);

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Users_are_let_go_once_dialled_by_nobody_and_back_when_there_is_a_silo_again(int silos)
    {
        await _cluster.StartAsync(silos, fronts: 1);
        await using var tabs = await UserTabs.OpenAsync(_cluster, "only", Users);
        await tabs.AllHaveFramesAfterNowAsync(_cluster);
        await _cluster.Backend.ResetAsync();
        var stopping = _cluster.Silos.Select(s => s.Process).ToArray();
        var front = _cluster.Fronts[0].Process;

        Array.ForEach(stopping, s => s.Terminate());
        await Eventually.HoldsAsync(() => stopping.All(s => s.HasExited), "the silos have stopped", TimeSpan.FromSeconds(8), _cluster.Output);
        Assert.All(stopping, s => Assert.Equal(0, s.ExitCode));
        Assert.Equal(0, await _cluster.Backend.DialsAsync());
        await Eventually.HoldsAsync(async () => await _cluster.Backend.ConnectionsAsync() == 0, "every upstream is closed", seen: _cluster.Output);
        await Eventually.HoldsAsync(
            () => front.Output.Contains("No silo can be reached any more", StringComparison.Ordinal), "the front says that there is no silo", seen: _cluster.Output);

        await _cluster.StartSiloAsync();
        await Eventually.HoldsAsync(
            () => front.Output.Contains("Silos can be reached again", StringComparison.Ordinal), "the front says that there is one again", seen: _cluster.Output);
        await tabs.AllHaveFramesAfterNowAsync(_cluster);
        Assert.Equal(Users, await _cluster.Backend.DialsAsync());
        Assert.All(tabs.All, t => Assert.Empty(t.History.Violations));
        Assert.All(tabs.All, t => Assert.Empty(t.History.Gaps));

        // Not a line for each user and each time that it is asked for.
        Assert.DoesNotContain("Orleans.Messaging", front.Output, StringComparison.Ordinal);
        Assert.All(stopping, s => Assert.DoesNotContain("Orleans.Messaging", s.Output, StringComparison.Ordinal));
    }
}
