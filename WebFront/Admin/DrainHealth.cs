using Connections.WebFront.Sessions;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Connections.WebFront.Admin;

/// <summary>A front that was drained is not ready: balancers send nobody there.</summary>
internal sealed class DrainHealth(SessionRegistry sessions) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(sessions.IsDraining ? HealthCheckResult.Unhealthy("This front is drained: restart it to use it again.") : HealthCheckResult.Healthy());
}
