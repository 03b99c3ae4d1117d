namespace Connections.Core;

/// <summary>How a dial ended.</summary>
public enum DialResult
{
    /// <summary>The upstream is open.</summary>
    Opened,

    /// <summary>The gateway gave up for a reason of its own, such as no tab being left: it proves nothing.</summary>
    GivenUp,

    /// <summary>The name of the host did not resolve.</summary>
    NameNotResolved,

    /// <summary>No TCP connection: refused, reset or unreachable.</summary>
    NotConnected,

    /// <summary>The TLS handshake failed.</summary>
    TlsFailed,

    /// <summary>No answer in time.</summary>
    TimedOut,

    /// <summary>An HTTP answer that opens no WebSocket; <see cref="DialOutcome.Status"/> says which.</summary>
    Refused,

    /// <summary>An answer that is not HTTP, or a broken WebSocket handshake.</summary>
    ProtocolError,
}
