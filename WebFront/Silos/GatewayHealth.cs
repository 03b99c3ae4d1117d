using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Connections.WebFront.Silos;

/// <summary>Whether this front reaches the cluster; a gateway that broke away makes its silo suspect.</summary>
internal sealed partial class GatewayHealth(SiloWatch watch, IHostApplicationLifetime application, ILogger<GatewayHealth> logger) : IHealthCheck
{
    // The host has started only once the client has connected, and the client tells of changes after that.
    private int _gateways = 1;

    /// <summary>The number of connected gateways changed.</summary>
    public void Changed(int now, int before)
    {
        // The loss of the last one is told twice, as a change and as the loss of the cluster.
        var known = Interlocked.Exchange(ref _gateways, now);
        if (now < before)
            watch.Suspect();
        if (application.ApplicationStopping.IsCancellationRequested)
            return;
        if (now == 0 && known > 0)
            Log.NoneIsLeft(logger);
        if (now > 0 && known == 0)
            Log.ReachedAgain(logger, now);
    }

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var gateways = application.ApplicationStarted.IsCancellationRequested ? Volatile.Read(ref _gateways) : 0;
        return Task.FromResult(gateways > 0
            ? HealthCheckResult.Healthy($"{gateways} silo gateways connected.")
            : HealthCheckResult.Unhealthy("No silo gateway is connected: are the silos up, and in the same cluster and Redis?"));
    }

    private static partial class Log
    {
        [LoggerMessage(711, LogLevel.Warning, "No silo can be reached any more: tabs keep their lines and wait for one")]
        public static partial void NoneIsLeft(ILogger logger);

        [LoggerMessage(712, LogLevel.Information, "Silos can be reached again, by {Gateways} gateways")]
        public static partial void ReachedAgain(ILogger logger, int gateways);
    }
}
