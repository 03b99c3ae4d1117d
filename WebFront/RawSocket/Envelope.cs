using System.Text.Json;
using System.Text.Json.Serialization;

namespace Connections.WebFront.RawSocket;

/// <summary>A tab's message in <c>connections.v1</c>; which fields matter depends on the type.</summary>
internal sealed record Envelope(
    [property: JsonPropertyName("type")] string? Type,
    [property: JsonPropertyName("position")] string? Position,
    [property: JsonPropertyName("id")] string? Id,
    [property: JsonPropertyName("text")] string? Text,
    [property: JsonPropertyName("data")] byte[]? Data,
    [property: JsonPropertyName("delivery")] string? Delivery,
    [property: JsonPropertyName("token")] string? Token = null)
{
    /// <summary>Reads one.</summary>
    /// <returns>Null with a problem when it is not one.</returns>
    public static Envelope? Read(ReadOnlySpan<byte> utf8, out string? problem)
    {
        try
        {
            var envelope = JsonSerializer.Deserialize(utf8, EnvelopeJson.Default.Envelope);
            problem = envelope is { Type: not null } ? null : "A message is a JSON object with a type: open, send, state, watch-breakers, renew or ping.";
            return problem is null ? envelope : null;
        }
        catch (JsonException e)
        {
            problem = $"The message is not the JSON that connections.v1 asks for: {e.Message}";
            return null;
        }
    }
}

[JsonSerializable(typeof(Envelope))]
internal sealed partial class EnvelopeJson : JsonSerializerContext;
