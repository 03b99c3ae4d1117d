namespace Connections.Grains.Abstractions.Api;

/// <summary>What came of a probe.</summary>
/// <param name="FrontId">The front that made it.</param>
/// <param name="ProbeId">The probe.</param>
/// <param name="Succeeded">Whether the backend answered; null when the probe was given up and proves nothing.</param>
/// <param name="Detail">What the failure was.</param>
/// <param name="RetryAfterMs">What the backend asked for, in milliseconds.</param>
[GenerateSerializer, Immutable, Alias("connections.api-probe-outcome")]
public sealed record ApiProbeOutcome(string FrontId, long ProbeId, bool? Succeeded, string? Detail, long? RetryAfterMs);
