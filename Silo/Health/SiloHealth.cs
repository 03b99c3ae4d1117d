using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Connections.Silo.Health;

/// <summary>Whether this silo can take users.</summary>
internal sealed class SiloHealth(ILocalSiloDetails local, ISiloStatusOracle statuses) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var status = statuses.CurrentStatus;
        return Task.FromResult(status == SiloStatus.Active
            ? HealthCheckResult.Healthy($"Silo {local.SiloAddress} is active.")
            : HealthCheckResult.Unhealthy($"Silo {local.SiloAddress} is {status}."));
    }
}
