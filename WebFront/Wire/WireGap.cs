using System.Text.Json.Serialization;
using Connections.WebFront.Sessions;
using MessagePack;

namespace Connections.WebFront.Wire;

/// <summary>A gap as it is written on every wire; see <c>docs/protocol.md</c>.</summary>
[MessagePackObject]
public sealed record WireGap(
    [property: Key("reason"), JsonPropertyName("reason")] string Reason,
    [property: Key("firstAvailable"), JsonPropertyName("firstAvailable")] long FirstAvailable,
    [property: Key("top"), JsonPropertyName("top")] long Top,
    [property: Key("next"), JsonPropertyName("next")] long Next)
{
    internal static WireGap? From(Gap? gap) =>
        gap is null ? null : new WireGap(WireNames.Of(gap.Reason), gap.FirstAvailable, gap.Top, gap.Next);
}
