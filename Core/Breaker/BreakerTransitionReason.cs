namespace Connections.Core;

/// <summary>Why a <see cref="CircuitBreaker"/> moved. The reason fixes the state it moves to.</summary>
public enum BreakerTransitionReason
{
    /// <summary>Closed to open: <see cref="BreakerOptions.FailureThreshold"/> failures without a success between them.</summary>
    ConsecutiveFailures,

    /// <summary>Closed to open: <see cref="BreakerOptions.FailureRatio"/> of the window's calls failed.</summary>
    FailureRatio,

    /// <summary>Half-open to open: a probe failed, or succeeded too slowly.</summary>
    ProbeFailed,

    /// <summary>Half-open to closed: a probe succeeded.</summary>
    ProbeSucceeded,

    /// <summary>Open to half-open: the break was over and a caller asked.</summary>
    BreakElapsed,

    /// <summary>Half-open to open: a probe had no answer for <see cref="BreakerOptions.HalfOpenTimeout"/>.</summary>
    ProbeTimedOut,

    /// <summary>Any state to forced open.</summary>
    OperatorForcedOpen,

    /// <summary>Any state to forced closed.</summary>
    OperatorForcedClosed,

    /// <summary>Any state to closed, with every count at zero.</summary>
    OperatorReset,

    /// <summary>Closed to open: another breaker of the same backend opened.</summary>
    TrippedElsewhere,
}
