using Connections.Hosting.Draining;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Connections.Hosting.Health;

/// <summary>A process that was asked to stop is not ready: the first thing that anyone sees of its stop.</summary>
internal sealed class StopHealth(DrainState drain) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(drain.IsDraining
            ? HealthCheckResult.Unhealthy("This process was asked to stop.")
            : HealthCheckResult.Healthy("This process was not asked to stop."));
}
