namespace Connections.Core;

/// <summary>A <see cref="CircuitBreaker"/> as a value: what is stored on each transition, and what a restart restores.</summary>
/// <param name="State">The state at that time.</param>
/// <param name="Since">When this state began, by the wall clock.</param>
/// <param name="OpenUntil">When the break is over, by the wall clock; only while open.</param>
/// <param name="ConsecutiveFailures">Failures in a row up to now. Below the threshold this changes without a transition, so a
/// stored snapshot may be behind.</param>
/// <param name="Trips">How often the breaker opened since it last was healthy.</param>
/// <param name="Reason">Why the breaker moved to this state; null before the first transition.</param>
/// <param name="Detail">What the caller or the operator said about it, for people to read.</param>
public sealed record BreakerSnapshot(
    BreakerState State,
    DateTimeOffset Since,
    DateTimeOffset? OpenUntil,
    int ConsecutiveFailures,
    int Trips,
    BreakerTransitionReason? Reason,
    string? Detail)
{
    /// <summary>The snapshot of a breaker that has seen nothing: closed.</summary>
    /// <param name="now">When it began.</param>
    /// <returns>The snapshot.</returns>
    public static BreakerSnapshot Initial(DateTimeOffset now) => new(BreakerState.Closed, now, null, 0, 0, null, null);
}
