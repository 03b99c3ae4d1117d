using System.Text.Json.Serialization;

namespace Connections.WebFront.Sse;

/// <summary>The body of <c>POST /messages</c>, before it is checked.</summary>
internal sealed record PostedMessage(
    [property: JsonPropertyName("id")] string? Id,
    [property: JsonPropertyName("text")] string? Text,
    [property: JsonPropertyName("data")] byte[]? Data,
    [property: JsonPropertyName("delivery")] string? Delivery);

[JsonSerializable(typeof(PostedMessage))]
internal sealed partial class PostedMessageJson : JsonSerializerContext;
