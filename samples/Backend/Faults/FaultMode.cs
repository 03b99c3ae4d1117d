using System.Text.Json.Serialization;

namespace Connections.Backend.Faults;

/// <summary>What is wrong with the sockets of the backend.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FaultMode>))]
internal enum FaultMode
{
    /// <summary>Nothing.</summary>
    [JsonStringEnumMemberName("none")] None,

    /// <summary>Dials are answered with a status code; open sockets go on.</summary>
    [JsonStringEnumMemberName("refuse")] Refuse,

    /// <summary>Dials are never answered; open sockets go on.</summary>
    [JsonStringEnumMemberName("stall-accept")] StallAccept,

    /// <summary>Sockets, new and open, neither send nor read; pings stay unanswered.</summary>
    [JsonStringEnumMemberName("stall")] Stall,

    /// <summary>Sockets, new and open, send but never read.</summary>
    [JsonStringEnumMemberName("stop-reading")] StopReading,

    /// <summary>In turn: accepts for a while, then drops all sockets and refuses for a while.</summary>
    [JsonStringEnumMemberName("flap")] Flap,

    /// <summary>Many ticks per second for each connection.</summary>
    [JsonStringEnumMemberName("flood")] Flood,
}
