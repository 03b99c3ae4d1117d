using System.Buffers.Binary;
using System.Text;

namespace Connections.Faults.Tests.Backend;

/// <summary>What a backend may do wrong. To add a fault, write a script: it has the bytes of the connection to itself.</summary>
public static class Scripts
{
    private const byte Final = 0x80;
    private const byte Masked = 0x80;
    private const byte TextFrame = 1;
    private const byte Continuation = 0;
    private const int FragmentsAtOnce = 4_096;

    /// <summary>Answers a dial with a status.</summary>
    public static Script Refuse(int status, string headers = "") => (dial, _) => dial.AnswerAsync(status, headers);

    /// <summary>Ends a dial by RST before it is answered.</summary>
    public static Script ResetAtOnce() => (dial, _) =>
    {
        dial.Reset();
        return Task.CompletedTask;
    };

    /// <summary>Takes a dial and never answers it.</summary>
    public static Script NeverAnswer() => (dial, ct) => dial.UntilEndAsync(ct);

    /// <summary>Opens, and says nothing any more: its kernel takes everything, pings stay unanswered, and nothing ends the connection.</summary>
    public static Script HalfOpen() => async (dial, ct) =>
    {
        await dial.AcceptAsync();
        await dial.UntilEndAsync(ct);
    };

    /// <summary>Opens, says these bytes, and reads until the silo ends it.</summary>
    public static Script Say(byte[] bytes) => async (dial, ct) =>
    {
        await dial.AcceptAsync();
        await dial.Stream.WriteAsync(bytes, ct);
        await dial.UntilEndAsync(ct);
    };

    /// <summary>Opens, and begins a message that never ends: fragment after fragment, of so many bytes each.</summary>
    public static Script EndlessFragments(int bytes) => async (dial, ct) =>
    {
        await dial.AcceptAsync();
        await dial.Stream.WriteAsync(Frame(TextFrame, Text("x")), ct);
        var fragments = Enumerable.Repeat(Frame(Continuation, Text(new string('x', bytes))), FragmentsAtOnce).SelectMany(f => f).ToArray();
        var reading = dial.UntilEndAsync(ct);
        while (!reading.IsCompleted)
            await dial.Stream.WriteAsync(fragments, ct);
    };

    /// <summary>Answers with a head that never ends.</summary>
    public static Script EndlessHead() => async (dial, ct) =>
    {
        await dial.Stream.WriteAsync(Text("HTTP/1.1 101 Switching Protocols\r\n"), ct);
        var line = Text($"X-Endless: {new string('x', 1_000)}\r\n");
        while (!ct.IsCancellationRequested)
            await dial.Stream.WriteAsync(line, ct);
    };

    /// <summary>A frame that is masked: servers must not.</summary>
    public static byte[] MaskedFrame() => [Final | TextFrame, Masked | 2, 0, 0, 0, 0, (byte)'h', (byte)'i'];

    /// <summary>A frame with reserved bits that nobody has agreed on.</summary>
    public static byte[] ReservedBits() => [Final | 0x70 | TextFrame, 2, (byte)'h', (byte)'i'];

    /// <summary>A frame with an opcode that there is none of.</summary>
    public static byte[] UnknownOpcode() => [Final | 5, 0];

    /// <summary>A text that is no UTF-8.</summary>
    public static byte[] BadUtf8() => Frame(Final | TextFrame, [0xC3, 0x28]);

    /// <summary>A ping longer than a control frame may be.</summary>
    public static byte[] LongPing() => [Final | 9, 126, 1, 0, .. new byte[256]];

    /// <summary>The head of a message of a gigabyte, and its first bytes.</summary>
    public static byte[] DeclaresGigabyte()
    {
        var frame = new byte[10 + 16];
        (frame[0], frame[1]) = (Final | TextFrame, 127);
        BinaryPrimitives.WriteInt64BigEndian(frame.AsSpan(2), 1L << 30);
        return frame;
    }

    /// <summary>A whole message of so many bytes.</summary>
    public static byte[] Message(int bytes)
    {
        var frame = new byte[10 + bytes];
        (frame[0], frame[1]) = (Final | TextFrame, 127);
        BinaryPrimitives.WriteInt64BigEndian(frame.AsSpan(2), bytes);
        frame.AsSpan(10).Fill((byte)'x');
        return frame;
    }

    private static byte[] Frame(byte head, byte[] payload) => [head, (byte)payload.Length, .. payload];

    private static byte[] Text(string text) => Encoding.ASCII.GetBytes(text);
}
