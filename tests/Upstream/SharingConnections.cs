using Connections.Testing;
using Connections.Testing.Processes;
using Connections.Testing.Tabs;

namespace Connections.Upstream.Tests;

/// <summary>Many users on few sockets: HTTP/2 to the backend.</summary>
[Collection(nameof(Alone))]
public sealed class SharingConnections(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Users = 1_000;

    private readonly GatewayCluster _cluster = new(
        siloSettings: ["Upstream:DialsPerSecond=2000"], backendSettings: ["--Backend:TickInterval=00:00:00"], http2: true);

    public async ValueTask InitializeAsync() => await _cluster.StartAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task A_thousand_users_hold_at_most_20_tcp_connections_to_the_backend()
    {
        await using var tabs = await UserTabs.OpenAsync(_cluster, "h2", Users);
        await Eventually.HoldsAsync(
            async () => await _cluster.Backend.ConnectionsAsync() == Users, "every user has an upstream", TimeSpan.FromSeconds(60), _cluster.Output);
        var tcp = await _cluster.Backend.TcpConnectionsAsync();
        output.WriteLine($"{Users} upstream sockets over {tcp} TCP connections, the one that asked included");
        Assert.InRange(tcp, 1, 20);

        Assert.Equal("sent", (await tabs.All[0].SendAsync("c:1", "over h2")).Status);
        await Eventually.HoldsAsync(() => tabs.All[0].History.Frames.Any(f => f.Text?.Contains("over h2", StringComparison.Ordinal) == true), "the echo comes", seen: _cluster.Output);
    }
}
