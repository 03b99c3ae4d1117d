namespace Connections.Core;

/// <summary>One move of a <see cref="CircuitBreaker"/>.</summary>
/// <param name="From">The state before.</param>
/// <param name="To">The state after. Equal to <paramref name="From"/> when an operator repeats a command.</param>
/// <param name="Reason">Why it moved.</param>
/// <param name="At">When the new state began, by the wall clock. For a probe that timed out this is when its time was up, which
/// may be earlier than when somebody noticed.</param>
/// <param name="Snapshot">The breaker after the move, to be stored.</param>
public sealed record BreakerTransition(
    BreakerState From,
    BreakerState To,
    BreakerTransitionReason Reason,
    DateTimeOffset At,
    BreakerSnapshot Snapshot);
