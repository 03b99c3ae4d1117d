using System.ComponentModel.DataAnnotations;
using Connections.Core;
using Microsoft.Extensions.Options;

namespace Connections.WebFront.Api;

/// <summary>
/// The reverse proxy at <c>/api</c>; section <c>Api</c>. With <see cref="Destination"/> alone there is one route, <c>api</c>, for everything
/// below <c>/api/</c>; <see cref="Routes"/> gives parts of it destinations or breakers of their own. Without either there is no proxy.
/// </summary>
public sealed class ApiOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Api";

    /// <summary>Where requests go unless their route says otherwise: an address such as <c>http://orders</c>, whose host is looked up by service discovery (section <c>Services</c>) and else by DNS.</summary>
    [Url]
    public string? Destination { get; set; }

    /// <summary>Routes by name; the name is that of the breaker too.</summary>
    [ValidateEnumeratedItems]
    public Dictionary<string, ApiRouteOptions> Routes { get; } = new(StringComparer.Ordinal);

    /// <summary>How long the backend may be silent before the request is answered with 504; of a WebSocket, how long it may be idle. Default 60 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "1.00:00:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a connection to the backend may take to open. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:05:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a connection to the backend is used, so that changes in DNS are followed. Default 60 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan ConnectionLifetime { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The largest request body, in bytes; a larger one is answered with 413. Default 10 MiB.</summary>
    [Range(0, 1L << 40)]
    public long MaxRequestBytes { get; set; } = 10 << 20;

    /// <summary>Retries of idempotent requests, as a part of all requests. Default 0.1; 0 switches them off.</summary>
    [Range(0d, 1d)]
    public double RetryRatio { get; set; } = 0.1;

    /// <summary>When a route's breaker opens, and for how long, unless the route says otherwise. Default: 3 failures in a row on one front, or half of 20 calls or more within 10 s on all; breaks of 5 s, doubling to 60 s.</summary>
    [Required, ValidateObjectMembers]
    public BreakerOptions Breaker { get; set; } = DefaultBreaker();

    /// <summary>The defaults of <see cref="Breaker"/>.</summary>
    /// <returns>A new instance.</returns>
    public static BreakerOptions DefaultBreaker() => new()
    {
        FailureThreshold = 3,
        FailureRatio = 0.5,
        MinimumThroughput = 20,
        Window = TimeSpan.FromSeconds(10),
        BreakDuration = TimeSpan.FromSeconds(5),
        MaxBreakDuration = TimeSpan.FromSeconds(60),
        HalfOpenTimeout = TimeSpan.FromSeconds(10),
        MaxRetryAfter = TimeSpan.FromMinutes(2),
    };
}
