using System.ComponentModel.DataAnnotations;
using Connections.Core;
using Microsoft.Extensions.Options;

namespace Connections.WebFront;

/// <summary>How a front treats its tabs and watches its silos; section <c>Front</c>.</summary>
public sealed class FrontOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Front";

    /// <summary>The cluster's name, as in the silos' <c>Silo:ClusterId</c>. Default <c>connections</c>.</summary>
    [Required, RegularExpression("^[A-Za-z0-9_.-]{1,64}$")]
    public string ClusterId { get; set; } = "connections";

    /// <summary>What a front keeps of each user's frames for its tabs. A tab that falls out of it is closed as slow and may resume. Default 10,000 frames, 1 MiB, 120 s: a tab may lag by bytes, not by many small frames.</summary>
    [Required, ValidateObjectMembers]
    public ReplayWindow Window { get; set; } = new() { MaxFrames = 10_000 };

    /// <summary>How long one write to a tab may take before the tab is closed as slow. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a tab waits for its user's connection before it is told that it is unavailable. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan OpenTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a silo may be silent before its users are attached anew. Default 3 s: three missed heartbeats.</summary>
    [Range(typeof(TimeSpan), "00:00:00.200", "00:05:00")]
    public TimeSpan SiloSilence { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>The same, for 10 s after a gateway connection broke: most likely that silo is gone. Default 1.5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.200", "00:05:00")]
    public TimeSpan SuspectSilence { get; set; } = TimeSpan.FromSeconds(1.5);

    /// <summary>
    /// Whether the newest access token of any of a user's tabs is shown to the backend, as <c>Authorization: Bearer</c> of the upstream's dial.
    /// Default false: the backend trusts the gateway. Only tokens that were checked here are shown.
    /// </summary>
    public bool RelayTokens { get; set; }

    /// <summary>The most tabs at once; more are answered with 503, for another front to take. Default 50,000.</summary>
    [Range(1, 10_000_000)]
    public int MaxTabs { get; set; } = 50_000;

    /// <summary>
    /// The most TCP connections at once, of tabs and of all else that comes in, and to the backends of <c>/api</c>; further ones are closed at once, for
    /// another front to take. Default: what the limit of open files of the process leaves after an eighth of it, or 600, for its own files and its
    /// connections to silos and Redis.
    /// </summary>
    [Range(1, 10_000_000)]
    public int? MaxConnections { get; set; }

    /// <summary>
    /// Proxies whose <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> are believed: addresses or networks, such as <c>10.0.0.0/8</c>. Default
    /// none: what a client says about itself means nothing.
    /// </summary>
    public IList<string> TrustedProxies { get; } = [];

    /// <summary>The largest message taken from a tab, in bytes. Default 1 MiB.</summary>
    [Range(1, 1 << 30)]
    public int MaxMessageBytes { get; set; } = 1 << 20;

    /// <summary>How fast one tab may send; more is rejected, and a tab that goes on is closed. Default 1,000 messages and 16 MiB a second.</summary>
    [Required, ValidateObjectMembers]
    public RateLimitOptions SendLimit { get; set; } = new();

    /// <summary>The most messages of one user on this front that wait for their receipts; more are rejected. Default 256.</summary>
    [Range(1, 100_000)]
    public int MaxPendingSends { get; set; } = 256;

    /// <summary>How often an idle event stream (<c>/sse</c>) gets a comment, so that nothing on the way takes it for dead. Default 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan EventHeartbeat { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Over how long the reconnects of this front's tabs are spread when it stops. Default 3 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan ReconnectSpread { get; set; } = TimeSpan.FromSeconds(3);
}
