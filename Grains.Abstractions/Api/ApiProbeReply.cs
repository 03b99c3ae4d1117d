namespace Connections.Grains.Abstractions.Api;

/// <summary>The answer to a front that asked for the probe.</summary>
/// <param name="ProbeId">The probe, which is that front's now; null when it is not.</param>
/// <param name="RetryAfterMs">When to ask again, in milliseconds.</param>
/// <param name="View">The breaker now: it may have closed already.</param>
[GenerateSerializer, Immutable, Alias("connections.api-probe-reply")]
public sealed record ApiProbeReply(long? ProbeId, long RetryAfterMs, ApiBreakerView View);
