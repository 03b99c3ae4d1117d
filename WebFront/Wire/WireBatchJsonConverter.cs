using System.Text.Json;
using System.Text.Json.Serialization;
using Connections.Core;

namespace Connections.WebFront.Wire;

/// <summary>Writes a batch as JSON.</summary>
internal sealed class WireBatchJsonConverter : JsonConverter<WireBatch>
{
    private static readonly JsonEncodedText Epoch = JsonEncodedText.Encode("epoch");
    private static readonly JsonEncodedText Frames = JsonEncodedText.Encode("frames");
    private static readonly JsonEncodedText Offset = JsonEncodedText.Encode("offset");
    private static readonly JsonEncodedText Kind = JsonEncodedText.Encode("kind");
    private static readonly JsonEncodedText At = JsonEncodedText.Encode("at");
    private static readonly JsonEncodedText Text = JsonEncodedText.Encode("text");
    private static readonly JsonEncodedText Data = JsonEncodedText.Encode("data");

    /// <summary>Writes the batch's properties into an object that is open already.</summary>
    public static void WriteProperties(Utf8JsonWriter writer, WireBatch value, JsonSerializerOptions? options = null)
    {
        Span<byte> epoch = stackalloc byte[FramePosition.EpochDigits];
        FramePosition.FormatEpoch(value.Epoch, epoch);
        writer.WriteString(Epoch, epoch);
        if (value.Gap is { } gap)
        {
            writer.WritePropertyName("gap");
            JsonSerializer.Serialize(writer, gap, options);
        }

        writer.WriteStartArray(Frames);
        foreach (var frame in value.Frames)
            WriteFrame(writer, frame);
        writer.WriteEndArray();
    }

    /// <summary>Writes one frame.</summary>
    public static void WriteFrame(Utf8JsonWriter writer, Frame frame)
    {
        writer.WriteStartObject();
        writer.WriteNumber(Offset, frame.Offset);
        writer.WriteString(Kind, WireNames.Of(frame.Kind));
        writer.WriteNumber(At, frame.At);
        if (frame.Kind is FrameKind.Binary)
            writer.WriteBase64String(Data, frame.Payload.Span);
        else
            writer.WriteString(Text, frame.Payload.Span);
        writer.WriteEndObject();
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, WireBatch value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        WriteProperties(writer, value, options);
        writer.WriteEndObject();
    }

    /// <inheritdoc/>
    public override WireBatch Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("Batches go from the front to the tab only.");
}
