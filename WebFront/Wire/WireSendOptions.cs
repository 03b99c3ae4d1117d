using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using MessagePack;

namespace Connections.WebFront.Wire;

/// <summary>How a tab wants a message sent; see <c>docs/protocol.md</c>.</summary>
/// <param name="Delivery"><c>at-most-once</c> (the default) or <c>at-least-once</c>.</param>
[MessagePackObject]
public sealed record WireSendOptions([property: Key("delivery"), JsonPropertyName("delivery")] string? Delivery)
{
    private const string AtMostOnce = "at-most-once";
    private const string AtLeastOnce = "at-least-once";

    internal static bool TryRead(WireSendOptions? options, out bool atLeastOnce, [NotNullWhen(false)] out string? problem)
    {
        atLeastOnce = options?.Delivery == AtLeastOnce;
        problem = options?.Delivery is null or AtMostOnce or AtLeastOnce
            ? null
            : $"There is no delivery '{options.Delivery}': there are {AtMostOnce} and {AtLeastOnce}.";
        return problem is null;
    }
}
