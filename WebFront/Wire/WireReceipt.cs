using System.Text.Json.Serialization;
using Connections.Grains.Abstractions.Sending;
using MessagePack;

namespace Connections.WebFront.Wire;

/// <summary>What became of a tab's message, as it is written on every wire; see <c>docs/protocol.md</c>.</summary>
[MessagePackObject]
public sealed record WireReceipt(
    [property: Key("id"), JsonPropertyName("id")] string Id,
    [property: Key("status"), JsonPropertyName("status")] string Status,
    [property: Key("reason"), JsonPropertyName("reason"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reason,
    [property: Key("retryAfterMs"), JsonPropertyName("retryAfterMs"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? RetryAfterMs,
    [property: Key("expected"), JsonPropertyName("expected"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Expected)
{
    internal static WireReceipt From(Receipt receipt) =>
        new(receipt.Id, WireNames.Of(receipt.Status), WireNames.Of(receipt.Reason), receipt.RetryAfterMs, receipt.Expected);
}
