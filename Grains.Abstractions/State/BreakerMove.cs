using Connections.Core;

namespace Connections.Grains.Abstractions.State;

/// <summary>One transition of a breaker, for operators.</summary>
/// <param name="From">The state before.</param>
/// <param name="To">The state after.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When, Unix time in milliseconds.</param>
/// <param name="Detail">What was said about it.</param>
[GenerateSerializer, Immutable, Alias("connections.breaker-move")]
public sealed record BreakerMove(BreakerState From, BreakerState To, BreakerTransitionReason Reason, long At, string? Detail);
