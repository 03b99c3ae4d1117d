using System.Text.Json.Serialization;

namespace Connections.Grains.Upstream;

/// <summary>How an upstream socket ended; the payload of an <c>upstream-closed</c> marker.</summary>
/// <param name="Code">The WebSocket close code; 1006 when the line was lost.</param>
/// <param name="Reason">What the closing side said.</param>
/// <param name="By">Who closed: <c>upstream</c>, <c>gateway</c> or <c>network</c>.</param>
internal sealed record UpstreamClose(int Code, string Reason, string By)
{
    public static UpstreamClose ByGateway(int code, string reason) => new(code, reason, "gateway");

    public static UpstreamClose ByNetwork(string reason) => new(1006, reason, "network");
}

/// <summary>The payload of an <c>upstream-opened</c> marker.</summary>
/// <param name="Generation">The owner's generation.</param>
internal sealed record UpstreamOpen(long Generation);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(UpstreamClose))]
[JsonSerializable(typeof(UpstreamOpen))]
internal sealed partial class MarkerJson : JsonSerializerContext;
