namespace Connections.Grains.Upstream;

/// <summary>Whether upstream sockets share TCP connections.</summary>
public enum Http2Use
{
    /// <summary>HTTP/1.1: a TCP connection per user.</summary>
    Off = 0,

    /// <summary>HTTP/2 where the backend offers it over TLS, else HTTP/1.1.</summary>
    Prefer = 1,

    /// <summary>HTTP/2 alone, also without TLS.</summary>
    Require = 2,
}
