namespace Connections.Grains.Abstractions.State;

/// <summary>What an operator does to a breaker.</summary>
public enum BreakerCommand
{
    /// <summary>Close it and forget failures and trips; ends a hold.</summary>
    Reset = 0,

    /// <summary>Hold it open until a reset.</summary>
    ForceOpen = 1,

    /// <summary>Hold it closed until a reset.</summary>
    ForceClosed = 2,
}
