using Connections.Core;
using MessagePack;
using MessagePack.Formatters;

namespace Connections.WebFront.Wire;

/// <summary>Writes a batch as MessagePack, with the same names as in JSON.</summary>
internal sealed class WireBatchMessagePackFormatter : IMessagePackFormatter<WireBatch>
{
    /// <inheritdoc/>
    public void Serialize(ref MessagePackWriter writer, WireBatch value, MessagePackSerializerOptions options)
    {
        writer.WriteMapHeader(value.Gap is null ? 2 : 3);
        writer.Write("epoch");
        writer.WriteStringHeader(FramePosition.EpochDigits);
        FramePosition.FormatEpoch(value.Epoch, writer.GetSpan(FramePosition.EpochDigits));
        writer.Advance(FramePosition.EpochDigits);
        if (value.Gap is { } gap)
        {
            writer.Write("gap");
            MessagePackSerializer.Serialize(ref writer, gap, options);
        }

        writer.Write("frames");
        writer.WriteArrayHeader(value.Frames.Length);
        foreach (var frame in value.Frames)
        {
            writer.WriteMapHeader(4);
            writer.Write("offset");
            writer.Write(frame.Offset);
            writer.Write("kind");
            writer.Write(WireNames.Of(frame.Kind));
            writer.Write("at");
            writer.Write(frame.At);
            if (frame.Kind is FrameKind.Binary)
            {
                writer.Write("data");
                writer.Write(frame.Payload.Span);
            }
            else
            {
                writer.Write("text");
                writer.WriteString(frame.Payload.Span);
            }
        }
    }

    /// <inheritdoc/>
    public WireBatch Deserialize(ref MessagePackReader reader, MessagePackSerializerOptions options) =>
        throw new NotSupportedException("Batches go from the front to the tab only.");
}
