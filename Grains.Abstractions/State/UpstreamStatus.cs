namespace Connections.Grains.Abstractions.State;

/// <summary>How the upstream stands. The names are on every wire, in lower case.</summary>
public enum UpstreamStatus
{
    /// <summary>No upstream is configured.</summary>
    None = 0,

    /// <summary>Nobody wants it.</summary>
    Idle = 1,

    /// <summary>A dial is under way.</summary>
    Connecting = 2,

    /// <summary>The socket is open.</summary>
    Open = 3,

    /// <summary>Waits for the breaker or the backoff before the next dial.</summary>
    Waiting = 4,
}
