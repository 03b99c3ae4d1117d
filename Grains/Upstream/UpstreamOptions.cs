using System.ComponentModel.DataAnnotations;
using Connections.Core;
using Microsoft.Extensions.Options;

namespace Connections.Grains.Upstream;

/// <summary>
/// The backend and how it is dialled; section <c>Upstream</c>. Without a <see cref="Url"/> users have no upstream and get only what is
/// pushed to their inboxes. A failed dial is tried again after <see cref="Backoff"/>; <see cref="Breaker"/> stops a user's dials for a while.
/// </summary>
public sealed class UpstreamOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Upstream";

    /// <summary>Where a user's upstream is, with <c>{userId}</c> in the path or the query, such as <c>ws://backend:8008/ws/{userId}</c>.</summary>
    public string? Url { get; set; }

    /// <summary>How long a dial may take. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long after a pong the upstream is pinged again, talkative or not. Default 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan KeepAliveInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a ping may stay unanswered before the upstream counts as lost. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The largest message taken from the upstream or handed to it, in bytes. Default 1 MiB. A larger one closes the upstream with 1009.</summary>
    [Range(1, 1 << 30)]
    public int MaxMessageBytes { get; set; } = 1 << 20;

    /// <summary>How long a connection must last to count as a success for the breaker. Default 5 s: a backend that drops at once is failing.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan StableAfter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Sub-protocols offered in the dial, best first.</summary>
    public IList<string> SubProtocols { get; } = [];

    /// <summary>Headers sent with the dial.</summary>
    public IDictionary<string, string> Headers { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The user's circuit breaker: 3 failures in a row open it for 30 s by default.</summary>
    [Required, ValidateObjectMembers]
    public BreakerOptions Breaker { get; set; } = new();

    /// <summary>The wait between dials: full jitter, 1 s to 30 s by default.</summary>
    [Required, ValidateObjectMembers]
    public BackoffOptions Backoff { get; set; } = new();

    /// <summary>
    /// The health of the backend as a whole, kept by each silo: while it is open, users wait without dialling. By default half of 20 dials or
    /// more within 10 s open it, for 5 s at a time.
    /// </summary>
    [Required, ValidateObjectMembers]
    public BreakerOptions Health { get; set; } = UpstreamHealth.DefaultOptions();

    /// <summary>How many dials a second the backend may see from the whole cluster, refused ones too. Default 500.</summary>
    [Range(0.1, 1_000_000)]
    public double DialsPerSecond { get; set; } = 500;

    /// <summary>How many dials one silo may have under way at once, which is also what a backend that stood still sees at once when it goes on. Default 100.</summary>
    [Range(1, 100_000)]
    public int MaxConcurrentDials { get; set; } = 100;

    /// <summary>
    /// The most connections to the backend that one silo has, over HTTP/1.1, where each user has one; who comes then waits for a place. Default: none here;
    /// a silo's process takes what its limit of open files leaves, see <c>OpenFiles.ForConnections</c>.
    /// </summary>
    [Range(1, 10_000_000)]
    public int? MaxConnections { get; set; }

    /// <summary>
    /// Whether users share TCP connections over HTTP/2 (RFC 8441). <c>Off</c>: HTTP/1.1, a connection per user. <c>Prefer</c>: HTTP/2 where the
    /// backend offers it over TLS. <c>Require</c>: HTTP/2 alone, also without TLS. Default <c>Off</c>.
    /// </summary>
    public Http2Use Http2 { get; set; }

    /// <summary>A file with the backend's certificate authority, or several, in PEM, for <c>wss</c> with a private authority; by default the machine's own.</summary>
    public string? AuthorityFile { get; set; }
}
