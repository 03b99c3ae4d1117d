using System.Buffers.Binary;

namespace Connections.Grains.Upstream;

/// <summary>Follows the frames that a backend sends (RFC 6455, 5.2), to find the answers to pings among them. Looks at heads only.</summary>
internal sealed class PongReader
{
    private const byte Pong = 0xA;
    private const int LongestHead = 10;

    private readonly byte[] _head = new byte[LongestHead];
    private int _headLength;
    private ulong _left;
    private ulong _size;
    private bool _isPong;
    private long _number;

    /// <summary>Reads on.</summary>
    /// <param name="bytes">What came next.</param>
    /// <returns>The number in the last pong of 8 bytes that ended here, or null.</returns>
    public long? Read(ReadOnlySpan<byte> bytes)
    {
        long? answered = null;
        while (!bytes.IsEmpty)
        {
            if (_left == 0)
            {
                ReadHead(bytes[0]);
                bytes = bytes[1..];
                continue;
            }

            var here = (int)Math.Min(_left, (ulong)bytes.Length);
            if (_isPong)
                ReadNumber(bytes[..here]);
            bytes = bytes[here..];
            _left -= (ulong)here;
            if (_left == 0 && _isPong && _size == sizeof(long))
                answered = _number;
        }

        return answered;
    }

    private void ReadHead(byte next)
    {
        _head[_headLength++] = next;
        if (_headLength < 2)
            return;
        var length = _head[1] & 0x7F;
        if (_headLength < (length switch { 126 => 4, 127 => 10, _ => 2 }))
            return;
        _size = _left = length switch
        {
            126 => BinaryPrimitives.ReadUInt16BigEndian(_head.AsSpan(2)),
            127 => BinaryPrimitives.ReadUInt64BigEndian(_head.AsSpan(2)),
            _ => (ulong)length,
        };
        _isPong = (_head[0] & 0xF) == Pong;
        _headLength = 0;
    }

    private void ReadNumber(ReadOnlySpan<byte> bytes)
    {
        foreach (var one in bytes)
            _number = (_number << 8) | one;
    }
}
