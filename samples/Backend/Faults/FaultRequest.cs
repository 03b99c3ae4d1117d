using System.Text.Json;
using System.Text.Json.Serialization;

namespace Connections.Backend.Faults;

/// <summary>The body of <c>PUT /faults</c>, before it is checked; the meaning of each member is that of <see cref="Fault"/>.</summary>
internal sealed record FaultRequest
{
    public string? Mode { get; init; }

    public int? Status { get; init; }

    public int? RetryAfterSeconds { get; init; }

    public double? UpSeconds { get; init; }

    public double? DownSeconds { get; init; }

    public int? PerSecond { get; init; }

    public string[]? Users { get; init; }

    public string? Api { get; init; }

    public double? ApiDelaySeconds { get; init; }

    /// <summary>What is not a member; refused by the rules, by name.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }
}
