using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Connections.WebFront.Silos;

/// <summary>Whether this front reaches the cluster; a gateway that broke away makes its silo suspect.</summary>
internal sealed class GatewayHealth(SiloWatch watch, IHostApplicationLifetime application) : IHealthCheck
{
    // The host has started only once the client has connected, and the client tells of changes after that.
    private int _gateways = 1;

    /// <summary>The number of connected gateways changed.</summary>
    public void Changed(int now, int before)
    {
        Volatile.Write(ref _gateways, now);
        if (now < before)
            watch.Suspect();
    }

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var gateways = application.ApplicationStarted.IsCancellationRequested ? Volatile.Read(ref _gateways) : 0;
        return Task.FromResult(gateways > 0
            ? HealthCheckResult.Healthy($"{gateways} silo gateways connected.")
            : HealthCheckResult.Unhealthy("No silo gateway is connected: are the silos up, and in the same cluster and Redis?"));
    }
}
