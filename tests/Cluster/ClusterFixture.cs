using Connections.Testing.Processes;

namespace Connections.Cluster.Tests;

/// <summary>Two silos, two fronts, the backend and Redis, started once for a test class.</summary>
public sealed class ClusterFixture : IAsyncLifetime
{
    /// <summary>The cluster; its linger is short so that tests see it end.</summary>
    public GatewayCluster Cluster { get; } = new(
        siloSettings: ["Connection:Linger=00:00:03"],
        backendSettings: ["--Backend:TickInterval=00:00:00.100"]);

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => await Cluster.StartAsync();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Cluster.DisposeAsync();
}
