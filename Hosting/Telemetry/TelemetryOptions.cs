using System.ComponentModel.DataAnnotations;

namespace Connections.Hosting.Telemetry;

/// <summary>
/// What a process tells about itself; section <c>Telemetry</c>. Metrics are always there for Prometheus to fetch; with
/// <see cref="OtlpEndpoint"/> metrics and traces are also sent.
/// </summary>
public sealed class TelemetryOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Telemetry";

    /// <summary>Where an OpenTelemetry collector takes OTLP over gRPC, such as <c>http://collector:4317</c>. Default none: no traces.</summary>
    [Url(ErrorMessage = "Telemetry:OtlpEndpoint must be an absolute address such as http://collector:4317.")]
    public string? OtlpEndpoint { get; set => field = string.IsNullOrWhiteSpace(value) ? null : value; }

    /// <summary>The part of new traces that is recorded, 0 to 1; one that a caller already records is recorded here too. Default 0.01.</summary>
    [Range(0.0, 1.0)]
    public double TraceRatio { get; set; } = 0.01;

    /// <summary>Whether the log is written as one JSON object per line, with trace ids. Default false: text.</summary>
    public bool JsonLogs { get; set; }

    /// <summary>Whether anybody sees the spans of this process: a collector, or who reads the log by trace id.</summary>
    public bool IsTraced => OtlpEndpoint is not null || JsonLogs;
}
