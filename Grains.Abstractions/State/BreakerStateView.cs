using Connections.Core;

namespace Connections.Grains.Abstractions.State;

/// <summary>A breaker as it is shown.</summary>
/// <param name="State">Closed, open, half-open or held.</param>
/// <param name="Failures">Failures in a row.</param>
/// <param name="Trips">How often it opened since it was last healthy.</param>
/// <param name="OpenUntil">When the next probe may go, Unix time in milliseconds, while open.</param>
[GenerateSerializer, Immutable, Alias("connections.breaker")]
public sealed record BreakerStateView(BreakerState State, int Failures, int Trips, long? OpenUntil);
