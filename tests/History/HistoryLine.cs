using System.Text.Json.Serialization;
using Connections.Testing.History.Events;

namespace Connections.Testing.History;

/// <summary>An event with who wrote it, and when.</summary>
/// <param name="Process">The process that wrote it.</param>
/// <param name="Number">Its place among the events of that process, from 1.</param>
/// <param name="At">When, Unix time in microseconds.</param>
/// <param name="Event">What.</param>
public sealed record HistoryLine(
    [property: JsonPropertyName("by")] string Process,
    [property: JsonPropertyName("n")] long Number,
    [property: JsonPropertyName("at")] long At,
    [property: JsonPropertyName("saw")] HistoryEvent Event)
{
    /// <summary>Short enough to be read beside others.</summary>
    public override string ToString() =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Process} {Number} @{At / 1_000_000 % 86_400}.{At % 1_000_000:000000} {Event}");
}
