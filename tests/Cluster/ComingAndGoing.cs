using System.Globalization;
using Connections.Testing;
using Connections.Testing.Processes;
using Connections.Testing.Tabs;

namespace Connections.Cluster.Tests;

/// <summary>The main job under churn: 10 users with 10 tabs each, over two fronts and two silos, for a minute.</summary>
public sealed class ComingAndGoing(ClusterFixture fixture, ITestOutputHelper output) : IClassFixture<ClusterFixture>
{
    private const int Users = 10;
    private const int TabsPerUser = 10;

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(
        int.Parse(Environment.GetEnvironmentVariable("CLUSTER_CHURN_SECONDS") ?? "60", CultureInfo.InvariantCulture));

    private readonly GatewayCluster _cluster = fixture.Cluster;

    [Fact]
    public async Task Ten_users_with_ten_tabs_each_cost_the_backend_ten_connections()
    {
        var first = await Task.WhenAll(Enumerable.Range(0, Users).Select(u => OpenAsync(u, 0)));
        await _cluster.Backend.ResetAsync();

        // The first tabs leave once there are others: no user is without a tab for longer than the linger, however slow the machine is.
        using var stop = new CancellationTokenSource();
        var here = Enumerable.Range(0, Users * TabsPerUser).Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).ToArray();
        var tabs = here.Select((h, i) => ComeAndGoAsync(i % Users, i / Users, h, stop.Token)).ToArray();
        await Task.WhenAny(Task.WhenAll(here.Select(h => h.Task)), Task.WhenAny(tabs));
        stop.CancelAfter(Duration);
        await Task.WhenAll(first.Select(t => t.DisposeAsync().AsTask()));
        var watching = Eventually.StaysAsync(
            async () => await _cluster.Backend.ConnectionsAsync() == Users && await _cluster.Backend.PeakConnectionsAsync() == Users,
            "the backend counts exactly ten connections",
            Duration - TimeSpan.FromSeconds(1));

        await watching;
        var histories = await Task.WhenAll(tabs);
        Assert.All(histories, h => Assert.Empty(h.Violations));
        Assert.All(histories, h => Assert.Empty(h.Gaps));
        Assert.Equal(0, await _cluster.Backend.DialsAsync());
        Assert.Equal(Users, await _cluster.Backend.PeakConnectionsAsync());
        output.WriteLine($"{histories.Sum(h => h.Count)} frames to {histories.Length} tabs that came and went; {Users} connections, no dial");
    }

    // Each tab stays for a while and resumes where it was; at any time some tabs of each user are there.
    private async Task<TabHistory> ComeAndGoAsync(int user, int number, TaskCompletionSource here, CancellationToken stop)
    {
        var history = new TabHistory();
        var random = new Random((user * TabsPerUser) + number);
        while (!stop.IsCancellationRequested)
        {
            await using var tab = await OpenAsync(user, number, history);
            here.TrySetResult();
            var until = history.Count + random.Next(5, 40);
            await Eventually.HoldsAsync(() => history.Count >= until || stop.IsCancellationRequested, $"tab {number} of user {user} has frames", seen: _cluster.Output);
        }

        // Every frame once and in order, by the backend's own count: the history checks offsets, this checks what they stand for.
        var counts = history.Frames.Where(f => f.Kind == "text").Select(f => f.Count!.Value).ToArray();
        Assert.Equal(Enumerable.Range((int)counts[0], counts.Length).Select(n => (long)n), counts);
        return history;
    }

    private Task<HubTab> OpenAsync(int user, int number, TabHistory? history = null) => HubTab.OpenAsync(
        _cluster.Fronts[number % 2].Address, $"churn-{user}", history, messagePack: number % 3 == 0, skipNegotiation: number % 4 != 0);
}
