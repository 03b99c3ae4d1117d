using Connections.Grains.Abstractions.State;

namespace Connections.Grains.Abstractions.Api;

/// <summary>
/// The breaker of one route under <c>/api</c>, for all fronts; the key is the route's name. Called by fronts and by the admin API. Fronts
/// decide on replicas of it: they call when something changed, for a probe, and once a second to say what they saw.
/// </summary>
[Alias("connections.api-breaker")]
public interface IApiBreakerGrain : IGrainWithStringKey
{
    /// <summary>Takes what a front saw since its last report, and goes on telling it of changes for some seconds.</summary>
    /// <returns>The breaker now.</returns>
    [Alias("Report"), ResponseTimeout("00:00:02")]
    Task<ApiBreakerView> Report(ApiBreakerReport report);

    /// <summary>A front's replica opened by what that front saw. It opens for all, unless another front reached the backend meanwhile.</summary>
    /// <returns>The breaker now; of the trip's own version when it stays that front's own affair.</returns>
    [Alias("Trip"), ResponseTimeout("00:00:02")]
    Task<ApiBreakerView> Trip(ApiBreakerTrip trip);

    /// <summary>Asks for the probe after a break: one front gets it.</summary>
    [Alias("AcquireProbe"), ResponseTimeout("00:00:02")]
    Task<ApiProbeReply> AcquireProbe();

    /// <summary>Says what came of a probe.</summary>
    /// <returns>The breaker now.</returns>
    [Alias("ReportProbe"), ResponseTimeout("00:00:02")]
    Task<ApiBreakerView> ReportProbe(ApiProbeOutcome outcome);

    /// <summary>An operator's command.</summary>
    /// <param name="command">What to do.</param>
    /// <param name="detail">Who and why.</param>
    [Alias("Command"), ResponseTimeout("00:00:05")]
    Task<ApiBreakerView> Command(BreakerCommand command, string detail);

    /// <summary>The breaker now, with what it went through.</summary>
    [Alias("Explain"), ResponseTimeout("00:00:05")]
    Task<ApiBreakerExplanation> Explain();
}
