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
    private const int FirstScratch = 1 << 10;
    private const int LargestScratch = 128 << 10;

    private static readonly JsonEncodedText Type = JsonEncodedText.Encode("type");

    [ThreadStatic]
    private static Scratch? _scratch;

    /// <inheritdoc/>
    public string Kind => EnvelopeTabs.SubProtocol;

    /// <inheritdoc/>
    public ValueTask WriteFramesAsync(ulong epoch, Gap? gap, FrameRange? range)
    {
        if (gap is not null || range is null)
            return socket.WriteAsync(Frames(new WireBatch(epoch, gap, range)), isText: true);
        var encoded = range.Encoded(FrameRange.Encoding.Envelope, Encode);
        return socket.TakesFrames ? socket.WriteFramesAsync(encoded.Framed) : socket.WriteAsync(encoded.Message, isText: true);
    }

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

    /// <summary>Answers a renew.</summary>
    public ValueTask WriteRenewedAsync(bool accepted) => WriteAsync("renewed", w => w.WriteBoolean("accepted", accepted));

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
    public static FramedMessage Encode(FrameRange range) =>
        Encode("frames", new WireBatch(range.Epoch, null, range), Properties, static bytes => new FramedMessage(bytes));

    private static byte[] Frames(WireBatch batch) => Encode("frames", batch, Properties);

    private static void Properties(Utf8JsonWriter writer, WireBatch batch) => WireBatchJsonConverter.WriteProperties(writer, batch);

    private ValueTask WriteMergedAsync<T>(string type, T value) => WriteAsync(type, w =>
    {
        foreach (var property in JsonSerializer.SerializeToElement(value).EnumerateObject())
            property.WriteTo(w);
    });

    private ValueTask WriteAsync(string type, Action<Utf8JsonWriter> properties) => socket.WriteAsync(Encode(type, properties), isText: true);

    private static byte[] Encode(string type, Action<Utf8JsonWriter> properties) =>
        Encode(type, properties, static (writer, write) => write(writer));

    private static byte[] Encode<T>(string type, T value, Action<Utf8JsonWriter, T> properties) =>
        Encode(type, value, properties, static bytes => bytes.ToArray());

    private static TResult Encode<T, TResult>(string type, T value, Action<Utf8JsonWriter, T> properties, Taken<TResult> take)
    {
        var scratch = _scratch ??= new Scratch();
        var (buffer, writer) = (scratch.Buffer, scratch.Writer);
        try
        {
            writer.WriteStartObject();
            writer.WriteString(Type, type);
            properties(writer, value);
            writer.WriteEndObject();
            writer.Flush();
            return take(buffer.WrittenSpan);
        }
        finally
        {
            buffer.ResetWrittenCount();
            writer.Reset();
            if (buffer.Capacity > LargestScratch)
                _scratch = null;
        }
    }

    private delegate TResult Taken<out TResult>(ReadOnlySpan<byte> written);

    // What a thread writes into before it knows how long the message gets.
    private sealed class Scratch
    {
        public Scratch() => Writer = new Utf8JsonWriter(Buffer);

        public ArrayBufferWriter<byte> Buffer { get; } = new(FirstScratch);

        public Utf8JsonWriter Writer { get; }
    }
}
