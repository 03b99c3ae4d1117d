using System.Buffers;
using System.Text.Json;
using Connections.Grains.Abstractions;
using Connections.Grains.Abstractions.Sending;
using Connections.Grains.Abstractions.State;
using Connections.WebFront.Sessions;
using Connections.WebFront.Wire;

namespace Connections.WebFront.RawSocket;

/// <summary>Writes the envelopes of <c>connections.v1</c>.</summary>
internal sealed class EnvelopeWriter(TabSocket socket, TimeProvider time) : ITabWriter
{
    /// <inheritdoc/>
    public string Kind => EnvelopeTabs.SubProtocol;

    /// <inheritdoc/>
    public ValueTask WriteFramesAsync(ulong epoch, Gap? gap, FrameRange? range) =>
        socket.WriteAsync(
            gap is null && range is not null
                ? range.Encoded(FrameRange.Encoding.Envelope, Encode)
                : Frames(new WireBatch(epoch, gap, range)),
            isText: true);

    /// <inheritdoc/>
    public ValueTask WriteStateAsync(ConnectionState state, IReadOnlyList<WireApiBreaker>? breakers) =>
        WriteAsync("state", w =>
        {
            w.WritePropertyName("state");
            JsonSerializer.Serialize(w, WireState.From(state, time.GetUtcNow(), breakers));
        });

    /// <inheritdoc/>
    public ValueTask WriteReceiptAsync(Receipt receipt) => WriteReceiptAsync(WireReceipt.From(receipt));

    /// <summary>Answers an open.</summary>
    public ValueTask WriteOpenedAsync(WireOpened opened) => WriteMergedAsync("opened", opened);

    /// <summary>Answers a send.</summary>
    public ValueTask WriteReceiptAsync(WireReceipt receipt) => WriteMergedAsync("receipt", receipt);

    /// <summary>Answers a ping.</summary>
    public ValueTask WritePongAsync() => WriteAsync("pong", static _ => { });

    /// <inheritdoc/>
    public async ValueTask CloseAsync(CloseCode code, TimeSpan? retryAfter) =>
        await socket.CloseAsync(code.Code, code.Name, Encode("closing", w =>
        {
            w.WriteString("reason", code.Name);
            if (retryAfter is { } t)
                w.WriteNumber("retryAfterMs", (long)t.TotalMilliseconds);
        }));

    /// <summary>Says what the tab did wrong, and closes for good.</summary>
    public Task RefuseAsync(string message) =>
        socket.CloseAsync(CloseCode.ProtocolError.Code, CloseCode.ProtocolError.Name, Encode("error", w =>
        {
            w.WriteNumber("code", CloseCode.ProtocolError.Code);
            w.WriteString("message", message);
        }));

    /// <summary>The bytes that all tabs get that stand at the same place.</summary>
    public static byte[] Encode(FrameRange range) => Frames(new WireBatch(range.Epoch, null, range));

    private static byte[] Frames(WireBatch batch) => Encode("frames", w => WireBatchJsonConverter.WriteProperties(w, batch));

    private ValueTask WriteMergedAsync<T>(string type, T value) => WriteAsync(type, w =>
    {
        foreach (var property in JsonSerializer.SerializeToElement(value).EnumerateObject())
            property.WriteTo(w);
    });

    private ValueTask WriteAsync(string type, Action<Utf8JsonWriter> properties) => socket.WriteAsync(Encode(type, properties), isText: true);

    private static byte[] Encode(string type, Action<Utf8JsonWriter> properties)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("type", type);
            properties(writer);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
