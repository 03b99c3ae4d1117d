namespace Connections.Core;

/// <summary>Why the frames after a position cannot all be had. The names are on every wire, in lower case with hyphens.</summary>
public enum Refusal
{
    /// <summary>They can be had.</summary>
    None = 0,

    /// <summary>The position is of another log: the silo that held it died, or it never was this user's.</summary>
    EpochChanged = 1,

    /// <summary>The frame after the position has left the window.</summary>
    Evicted = 2,

    /// <summary>The position is ahead of the log, so it cannot be of this log.</summary>
    FutureOffset = 3,
}
