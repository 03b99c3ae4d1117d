using Connections.Testing.Processes;

namespace Connections.Upstream.Tests;

/// <summary>
/// Gateways that soon give up a backend without an answer: one for each version of HTTP to it, started when it is first asked for, for all tests of a
/// class. Each test gets it with a sound backend, and should have a user of its own.
/// </summary>
public sealed class ImpatientGateways : IAsyncDisposable
{
    internal static readonly TimeSpan KeepAliveInterval = TimeSpan.FromSeconds(2);
    internal static readonly TimeSpan KeepAliveTimeout = TimeSpan.FromSeconds(1);
    internal static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(2);

    private readonly Dictionary<bool, GatewayCluster> _clusters = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var cluster in _clusters.Values)
            await cluster.DisposeAsync();
    }

    internal async Task<GatewayCluster> OverAsync(bool http2)
    {
        if (_clusters.TryGetValue(http2, out var there))
        {
            there.ThawBackend();
            await there.Backend.HealAsync();
            return there;
        }

        var cluster = new GatewayCluster(
            siloSettings:
            [
                $"Upstream:KeepAliveInterval={KeepAliveInterval}",
                $"Upstream:KeepAliveTimeout={KeepAliveTimeout}",
                $"Upstream:ConnectTimeout={ConnectTimeout}",
                "Upstream:Breaker:BreakDuration=00:00:02",
                "Upstream:Backoff:MaxDelay=00:00:02",
            ],
            backendSettings: ["--Backend:TickInterval=00:00:00.250"],
            http2: http2);
        try
        {
            await cluster.StartAsync(silos: 1, fronts: 1);
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }

        return _clusters[http2] = cluster;
    }
}
