using System.Buffers.Binary;

namespace Connections.Load.Wire;

/// <summary>One WebSocket frame as it stands in a buffer (RFC 6455, 5.2).</summary>
/// <param name="Opcode">What it is.</param>
/// <param name="IsLast">Whether its message ends with it.</param>
/// <param name="Head">The bytes before its payload.</param>
/// <param name="Length">The bytes of its payload.</param>
internal readonly record struct SocketFrame(byte Opcode, bool IsLast, int Head, int Length)
{
    public const byte Continuation = 0;
    public const byte Text = 1;
    public const byte Close = 8;
    public const byte Ping = 9;
    public const byte Pong = 10;

    /// <summary>The longest head that is written here.</summary>
    public const int LongestHead = 14;

    private const byte Masked = 0x80;

    /// <summary>All of its bytes.</summary>
    public int Size => Head + Length;

    /// <summary>Reads a frame's head and takes a mask off its payload.</summary>
    /// <returns>False when the buffer does not hold all of it yet.</returns>
    public static bool TryRead(Span<byte> bytes, out SocketFrame frame)
    {
        frame = default;
        if (bytes.Length < 2)
            return false;
        var length = bytes[1] & 0x7F;
        var head = length switch { 126 => 4, 127 => 10, _ => 2 };
        var isMasked = (bytes[1] & Masked) != 0;
        var all = head + (isMasked ? 4 : 0);
        if (bytes.Length < all)
            return false;
        length = length switch
        {
            126 => BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]),
            127 => checked((int)BinaryPrimitives.ReadUInt64BigEndian(bytes[2..])),
            _ => length,
        };
        if (bytes.Length < all + length)
            return false;
        if (isMasked)
            Unmask(bytes.Slice(head, 4), bytes.Slice(all, length));
        frame = new SocketFrame((byte)(bytes[0] & 0xF), (bytes[0] & 0x80) != 0, all, length);
        return true;
    }

    /// <summary>Writes a whole message. A client's mask is all zeros, which leaves the payload as it is.</summary>
    /// <returns>How many bytes were written.</returns>
    public static int Write(Span<byte> into, byte opcode, ReadOnlySpan<byte> payload, bool fromClient)
    {
        var head = 2;
        into[0] = (byte)(0x80 | opcode);
        if (payload.Length < 126)
        {
            into[1] = (byte)payload.Length;
        }
        else if (payload.Length <= ushort.MaxValue)
        {
            into[1] = 126;
            BinaryPrimitives.WriteUInt16BigEndian(into[2..], (ushort)payload.Length);
            head = 4;
        }
        else
        {
            into[1] = 127;
            BinaryPrimitives.WriteUInt64BigEndian(into[2..], (ulong)payload.Length);
            head = 10;
        }

        if (fromClient)
        {
            into[1] |= Masked;
            into.Slice(head, 4).Clear();
            head += 4;
        }

        payload.CopyTo(into[head..]);
        return head + payload.Length;
    }

    private static void Unmask(ReadOnlySpan<byte> mask, Span<byte> payload)
    {
        for (var i = 0; i < payload.Length; i++)
            payload[i] ^= mask[i & 3];
    }
}
