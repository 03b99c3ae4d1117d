namespace Connections.Core;

/// <summary>What a <see cref="CircuitBreaker"/> does with the next call.</summary>
public enum BreakerState
{
    /// <summary>Calls pass and their outcomes count.</summary>
    Closed,

    /// <summary>Calls are refused until the break is over.</summary>
    Open,

    /// <summary>The break is over: a few calls pass as probes, and the first answer decides.</summary>
    HalfOpen,

    /// <summary>An operator holds it open: every call is refused until a reset.</summary>
    ForcedOpen,

    /// <summary>An operator holds it closed: every call passes and no outcome counts, until a reset.</summary>
    ForcedClosed,
}
