namespace Connections.Grains.Abstractions.Api;

/// <summary>A front's replica has opened.</summary>
/// <param name="FrontId">The front.</param>
/// <param name="Term">The term of the version.</param>
/// <param name="Version">The version that the replica followed.</param>
/// <param name="FailingForMs">How long every call of that front has failed, in milliseconds.</param>
/// <param name="Detail">What the last failure was.</param>
/// <param name="RetryAfterMs">What the backend asked for, in milliseconds.</param>
[GenerateSerializer, Immutable, Alias("connections.api-breaker-trip")]
public sealed record ApiBreakerTrip(string FrontId, long Term, long Version, long FailingForMs, string? Detail, long? RetryAfterMs);
