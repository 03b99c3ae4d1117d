using System.Buffers.Binary;

namespace Connections.Core;

/// <summary>
/// A piece of a log: frames one after the other in one array, each with its head before it. They come at one end and leave at the other; a piece is used anew
/// only when all of its have left.
/// </summary>
/// <param name="size">How many bytes it has room for, heads included.</param>
internal sealed class LogChunk(int size)
{
    /// <summary>The bytes of a head: time, length, kind, and three that are not used.</summary>
    public const int HeadBytes = 16;

    private const int LengthAt = 8;
    private const int KindAt = 12;

    private readonly byte[] _bytes = new byte[size];
    private int _oldest;
    private int _newest;
    private int _end;

    /// <summary>How many bytes it has room for.</summary>
    public int Size => _bytes.Length;

    /// <summary>How many frames it has.</summary>
    public int Count { get; private set; }

    /// <summary>The piece with the frames after its own.</summary>
    public LogChunk? Next { get; set; }

    /// <summary>The place of its oldest frame.</summary>
    public int Oldest => _oldest;

    /// <summary>The place of its newest frame.</summary>
    public int Newest => _newest;

    /// <summary>Whether another frame has room.</summary>
    public bool Fits(int payload) => _bytes.Length - _end >= HeadBytes + payload;

    /// <summary>Keeps a copy of a frame that fits.</summary>
    public void Append(FrameKind kind, ReadOnlySpan<byte> payload, long at)
    {
        var frame = _bytes.AsSpan(_end, HeadBytes + payload.Length);
        BinaryPrimitives.WriteInt64LittleEndian(frame, at);
        BinaryPrimitives.WriteInt32LittleEndian(frame[LengthAt..], payload.Length);
        frame[KindAt] = (byte)kind;
        payload.CopyTo(frame[HeadBytes..]);
        _newest = _end;
        _end += frame.Length;
        Count++;
    }

    /// <summary>Keeps a copy of another piece's frame, which fits.</summary>
    public void Append(LogChunk other, int place) =>
        Append(other.Kind(place), other._bytes.AsSpan(place + HeadBytes, other.Length(place)), other.At(place));

    /// <summary>The oldest frame leaves.</summary>
    public void RemoveOldest()
    {
        _oldest = After(_oldest);
        if (--Count == 0)
            (_oldest, _newest, _end) = (0, 0, 0);
    }

    /// <summary>When the gateway had the frame at a place.</summary>
    public long At(int place) => BinaryPrimitives.ReadInt64LittleEndian(_bytes.AsSpan(place));

    /// <summary>What the frame at a place is.</summary>
    public FrameKind Kind(int place) => (FrameKind)_bytes[place + KindAt];

    /// <summary>The bytes of the payload at a place.</summary>
    public int Length(int place) => BinaryPrimitives.ReadInt32LittleEndian(_bytes.AsSpan(place + LengthAt));

    /// <summary>The bytes of the frame at a place, its head included.</summary>
    public int SizeAt(int place) => HeadBytes + Length(place);

    /// <summary>The place of the frame after the one at a place.</summary>
    public int After(int place) => place + SizeAt(place);

    /// <summary>A copy of the frame at a place.</summary>
    public Frame Copy(int place, long offset) =>
        new(offset, Kind(place), _bytes.AsSpan(place + HeadBytes, Length(place)).ToArray(), At(place));
}
