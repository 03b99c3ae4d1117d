using System.ComponentModel.DataAnnotations;
using Connections.Core;

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

    /// <summary>How often a quiet upstream is pinged. Default 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan KeepAliveInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a ping may stay unanswered before the upstream counts as lost. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The largest message taken from the upstream or handed to it, in bytes. Default 1 MiB. A larger one closes the upstream with 1009.</summary>
    [Range(1, 1 << 30)]
    public int MaxMessageBytes { get; set; } = 1 << 20;

    /// <summary>The most bytes of one user's messages that may wait for the socket to take them. Default 256 KiB.</summary>
    [Range(1, 1 << 30)]
    public int MaxPendingSendBytes { get; set; } = 256 << 10;

    /// <summary>How long a connection must last to count as a success for the breaker. Default 5 s: a backend that drops at once is failing.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan StableAfter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Sub-protocols offered in the dial, best first.</summary>
    public IList<string> SubProtocols { get; } = [];

    /// <summary>Headers sent with the dial.</summary>
    public IDictionary<string, string> Headers { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The user's circuit breaker: 3 failures in a row open it for 30 s by default.</summary>
    [Required]
    public BreakerOptions Breaker { get; set; } = new();

    /// <summary>The wait between dials: full jitter, 1 s to 30 s by default.</summary>
    [Required]
    public BackoffOptions Backoff { get; set; } = new();
}
