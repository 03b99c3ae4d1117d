using System.ComponentModel.DataAnnotations;

namespace Connections.Backend;

/// <summary>The settings of the backend, read from the section <c>Backend</c>.</summary>
/// <remarks>
/// Everything has a default, so that the backend starts without any configuration. Faults are not settings: they are switched over
/// HTTP (<c>PUT /faults</c>) while the backend runs.
/// </remarks>
public sealed class BackendOptions
{
    /// <summary>The name of the configuration section.</summary>
    public const string Section = "Backend";

    /// <summary>How often each open connection gets a tick, as <c>hh:mm:ss</c>. Default 1 s; 0 turns ticks off; at most 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00",
        ErrorMessage = "Backend:TickInterval goes from 0 to 01:00:00; one second is 00:00:01.")]
    public TimeSpan TickInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>If set, a dial without <c>Authorization: Bearer</c> and this token gets 401. Default: none.</summary>
    public string? RequireToken { get; set; }

    /// <summary>A port for HTTP/2 without TLS, for WebSockets over HTTP/2 (RFC 8441). Default: none; 0 takes any free port.</summary>
    [Range(0, 65535)]
    public int? Http2Port { get; set; }

    /// <summary>How many sockets may share one HTTP/2 connection. Default 1,000.</summary>
    [Range(1, 100_000)]
    public int Http2StreamsPerConnection { get; set; } = 1_000;

    /// <summary>How many messages may wait for one connection; further ticks and pushes are dropped and counted. Default 1,024.</summary>
    [Range(1, 1_000_000)]
    public int SendQueueLength { get; set; } = 1_024;

    /// <summary>The longest message taken from a client, in bytes; a longer one closes with 1009. Default 1 MiB.</summary>
    [Range(1, 64 * 1024 * 1024)]
    public int MaxMessageBytes { get; set; } = 1024 * 1024;

    /// <summary>How long a closing connection may take to finish its close handshake before it is aborted. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan CloseGrace { get; set; } = TimeSpan.FromSeconds(5);
}
