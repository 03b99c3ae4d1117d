using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using MessagePack;

namespace Connections.Testing.Tabs;

/// <summary>A batch as a client sees it; names as in docs/protocol.md.</summary>
[MessagePackObject]
public sealed record TabBatch(
    [property: Key("epoch"), JsonPropertyName("epoch")] string Epoch,
    [property: Key("gap"), JsonPropertyName("gap")] TabGap? Gap,
    [property: Key("frames"), JsonPropertyName("frames")] TabFrame[] Frames);

/// <summary>A frame as a client sees it.</summary>
[MessagePackObject]
public sealed record TabFrame(
    [property: Key("offset"), JsonPropertyName("offset")] long Offset,
    [property: Key("kind"), JsonPropertyName("kind")] string Kind,
    [property: Key("at"), JsonPropertyName("at")] long At,
    [property: Key("text"), JsonPropertyName("text")] string? Text,
    [property: Key("data"), JsonPropertyName("data")] byte[]? Data)
{
    /// <summary>The backend's own count in a tick or an echo, or null in anything else.</summary>
    [IgnoreMember, JsonIgnore]
    public long? Count =>
        Kind == "text" && Text!.StartsWith("{\"type\":", StringComparison.Ordinal) && JsonDocument.Parse(Encoding.UTF8.GetBytes(Text)).RootElement.TryGetProperty("n", out var n)
            ? n.GetInt64()
            : null;
}

/// <summary>A gap as a client sees it.</summary>
[MessagePackObject]
public sealed record TabGap(
    [property: Key("reason"), JsonPropertyName("reason")] string Reason,
    [property: Key("firstAvailable"), JsonPropertyName("firstAvailable")] long FirstAvailable,
    [property: Key("top"), JsonPropertyName("top")] long Top,
    [property: Key("next"), JsonPropertyName("next")] long Next);

/// <summary>The answer to an open as a client sees it.</summary>
[MessagePackObject]
public sealed record TabOpened(
    [property: Key("recovered"), JsonPropertyName("recovered")] bool Recovered,
    [property: Key("gap"), JsonPropertyName("gap")] TabGap? Gap,
    [property: Key("position"), JsonPropertyName("position")] string Position,
    [property: Key("state"), JsonPropertyName("state")] TabState State,
    [property: Key("user"), JsonPropertyName("user")] string User,
    [property: Key("tab"), JsonPropertyName("tab")] string Tab);

/// <summary>A state as a client sees it.</summary>
[MessagePackObject]
public sealed record TabState(
    [property: Key("upstream"), JsonPropertyName("upstream")] string Upstream,
    [property: Key("reason"), JsonPropertyName("reason")] string? Reason,
    [property: Key("retryAfterMs"), JsonPropertyName("retryAfterMs")] long? RetryAfterMs,
    [property: Key("breaker"), JsonPropertyName("breaker")] TabBreaker Breaker,
    [property: Key("position"), JsonPropertyName("position")] string Position,
    [property: Key("generation"), JsonPropertyName("generation")] long Generation,
    [property: Key("fronts"), JsonPropertyName("fronts")] int Fronts,
    [property: Key("tabs"), JsonPropertyName("tabs")] int Tabs,
    [property: Key("breakers"), JsonPropertyName("breakers")] TabApiBreaker[]? Breakers = null,
    [property: Key("tokenRefused"), JsonPropertyName("tokenRefused")] bool TokenRefused = false);

/// <summary>A breaker of <c>/api</c> as a client sees it.</summary>
[MessagePackObject]
public sealed record TabApiBreaker(
    [property: Key("name"), JsonPropertyName("name")] string Name,
    [property: Key("state"), JsonPropertyName("state")] string State,
    [property: Key("retryAfterMs"), JsonPropertyName("retryAfterMs")] long? RetryAfterMs);

/// <summary>A breaker as a client sees it.</summary>
[MessagePackObject]
public sealed record TabBreaker(
    [property: Key("state"), JsonPropertyName("state")] string State,
    [property: Key("failures"), JsonPropertyName("failures")] int Failures,
    [property: Key("trips"), JsonPropertyName("trips")] int Trips,
    [property: Key("retryAfterMs"), JsonPropertyName("retryAfterMs")] long? RetryAfterMs);

/// <summary>A receipt as a client sees it.</summary>
[MessagePackObject]
public sealed record TabReceipt(
    [property: Key("id"), JsonPropertyName("id")] string Id,
    [property: Key("status"), JsonPropertyName("status")] string Status,
    [property: Key("reason"), JsonPropertyName("reason")] string? Reason,
    [property: Key("retryAfterMs"), JsonPropertyName("retryAfterMs")] long? RetryAfterMs,
    [property: Key("expected"), JsonPropertyName("expected")] long? Expected);

/// <summary>How a client wants a message sent.</summary>
[MessagePackObject]
public sealed record TabSendOptions([property: Key("delivery"), JsonPropertyName("delivery")] string? Delivery);
