namespace Connections.Grains.Abstractions;

/// <summary>
/// Why a connection is closed, as data: the code, its name on the wire, and whether reconnecting is welcome. The same table stands in
/// <c>docs/protocol.md</c>, and a test compares the two.
/// </summary>
/// <param name="Code">The WebSocket close code: 4000 to 4499 reconnect is welcome, 4500 to 4999 final.</param>
/// <param name="Name">The reason as it is written on the wire.</param>
public sealed record CloseCode(int Code, string Name)
{
    /// <summary>This front stops; connect again.</summary>
    public static readonly CloseCode GoingAway = new(4000, "going-away");

    /// <summary>The tab could not be written to, or lagged too far behind; resume from its position.</summary>
    public static readonly CloseCode Slow = new(4001, "slow");

    /// <summary>Verbatim sockets only: frames are missing.</summary>
    public static readonly CloseCode Gap = new(4002, "gap");

    /// <summary>Verbatim sockets only: a message could not be handed to the upstream.</summary>
    public static readonly CloseCode Rejected = new(4003, "rejected");

    /// <summary>The tab did not open in time.</summary>
    public static readonly CloseCode OpenTimeout = new(4004, "open-timeout");

    /// <summary>The user's connection could not be reached in time.</summary>
    public static readonly CloseCode Unavailable = new(4005, "unavailable");

    /// <summary>The tab went on sending faster than it may.</summary>
    public static readonly CloseCode Flood = new(4006, "flood");

    /// <summary>To the upstream: this silo no longer owns the user.</summary>
    public static readonly CloseCode OwnerChanged = new(4409, "owner-changed");

    /// <summary>The tab broke the protocol.</summary>
    public static readonly CloseCode ProtocolError = new(4500, "protocol-error");

    /// <summary>The token is missing, bad or expired.</summary>
    public static readonly CloseCode Unauthorized = new(4501, "unauthorized");

    /// <summary>An operator ended it.</summary>
    public static readonly CloseCode Disconnected = new(4502, "disconnected");

    /// <summary>The user has as many tabs as a user may have.</summary>
    public static readonly CloseCode TooManyTabs = new(4503, "too-many-tabs");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<CloseCode> All { get; } =
        [GoingAway, Slow, Gap, Rejected, OpenTimeout, Unavailable, Flood, OwnerChanged, ProtocolError, Unauthorized, Disconnected, TooManyTabs];

    /// <summary>Whether a client should connect again by itself.</summary>
    public bool MayReconnect => Code < 4500;
}
