using System.Text.Json.Serialization;
using Connections.Core;
using Connections.WebFront.Sessions;
using MessagePack;

namespace Connections.WebFront.Wire;

/// <summary>Frames as they are written on every wire; see <c>docs/protocol.md</c>. Written from the frames' own bytes, without a copy as text.</summary>
[JsonConverter(typeof(WireBatchJsonConverter)), MessagePackFormatter(typeof(WireBatchMessagePackFormatter))]
public sealed class WireBatch
{
    internal WireBatch(ulong epoch, Gap? gap, FrameRange? range)
    {
        Epoch = epoch;
        Gap = WireGap.From(gap);
        Frames = range?.Frames ?? [];
    }

    /// <summary>The epoch of the frames.</summary>
    public ulong Epoch { get; }

    /// <summary>What is missing before the first one.</summary>
    public WireGap? Gap { get; }

    /// <summary>The frames.</summary>
    public Frame[] Frames { get; }
}
