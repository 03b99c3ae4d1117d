using System.Globalization;
using System.Text.Json;

namespace Connections.Backend.Faults;

/// <summary>What is wrong at the moment; the answer of <c>GET /faults</c>.</summary>
internal sealed record Fault
{
    internal static Fault None { get; } = new();

    /// <summary>What is wrong with the sockets.</summary>
    public FaultMode Mode { get; init; }

    /// <summary>The status of a refused dial or a failed API call. Default 503.</summary>
    public int Status { get; init; } = StatusCodes.Status503ServiceUnavailable;

    /// <summary>Goes into <c>Retry-After</c> of refused dials and failed API calls. Default: no such header.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>How long a flapping backend accepts. Default 3 s.</summary>
    public double UpSeconds { get; init; } = 3;

    /// <summary>How long a flapping backend is down. Default 3 s.</summary>
    public double DownSeconds { get; init; } = 3;

    /// <summary>Messages per second and connection of a flood. Default 1,000.</summary>
    public int PerSecond { get; init; } = 1_000;

    /// <summary>Only these users are hit by the mode; null hits everybody.</summary>
    public IReadOnlySet<string>? Users { get; init; }

    /// <summary>What is wrong with the API.</summary>
    public ApiFault Api { get; init; }

    /// <summary>How much longer slow API calls take. Default 5 s.</summary>
    public double ApiDelaySeconds { get; init; } = 5;

    /// <summary>The mode as written in JSON.</summary>
    internal string Name => JsonSerializer.Serialize(Mode, BackendJson.Default.FaultMode).Trim('"');

    internal void AddRetryAfter(HttpResponse response)
    {
        if (RetryAfterSeconds is { } seconds)
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
    }
}
