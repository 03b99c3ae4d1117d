using System.Text.Json.Serialization;
using MessagePack;

namespace Connections.WebFront.Wire;

/// <summary>A route's breaker as browsers see it; see <c>docs/protocol.md</c>.</summary>
/// <param name="Name">The route.</param>
/// <param name="State"><c>closed</c>, <c>open</c> or <c>half-open</c>.</param>
/// <param name="RetryAfterMs">When a call makes sense, in milliseconds; null when closed.</param>
[MessagePackObject]
public sealed record WireApiBreaker(
    [property: Key("name"), JsonPropertyName("name")] string Name,
    [property: Key("state"), JsonPropertyName("state")] string State,
    [property: Key("retryAfterMs"), JsonPropertyName("retryAfterMs")] long? RetryAfterMs);
