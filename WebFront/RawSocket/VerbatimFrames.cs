using Connections.Core;
using Connections.WebFront.Sessions;

namespace Connections.WebFront.RawSocket;

/// <summary>
/// A range's messages as verbatim tabs get them on the wire. The thread that writes a range to a user's tabs makes the bytes for the first of them and
/// has them still for the others; nothing is allocated.
/// </summary>
internal static class VerbatimFrames
{
    private const int FirstBuffer = 4 << 10;
    private const int LargestKept = 128 << 10;

    [ThreadStatic]
    private static byte[]? _buffer;

    [ThreadStatic]
    private static FrameRange? _range;

    [ThreadStatic]
    private static int _length;

    /// <summary>The bytes, which are the caller's until it returns to whoever called it. Empty when the range has markers only.</summary>
    public static ReadOnlySpan<byte> Of(FrameRange range)
    {
        if (!ReferenceEquals(_range, range))
            Make(range);
        return _buffer.AsSpan(0, _length);
    }

    private static void Make(FrameRange range)
    {
        var length = 0;
        foreach (var frame in range.Frames)
        {
            if (!frame.IsMarker)
                length += SocketFrame.HeadLength(frame.Payload.Length) + frame.Payload.Length;
        }

        if (_buffer is null || _buffer.Length < length || (_buffer.Length > LargestKept && length <= LargestKept))
            _buffer = GC.AllocateUninitializedArray<byte>(Math.Max(FirstBuffer, length));
        var rest = _buffer.AsSpan();
        foreach (var frame in range.Frames)
        {
            if (frame.IsMarker)
                continue;
            var payload = frame.Payload.Span;
            SocketFrame.WriteHead(rest, frame.Kind is FrameKind.Text, payload.Length);
            rest = rest[SocketFrame.HeadLength(payload.Length)..];
            payload.CopyTo(rest);
            rest = rest[payload.Length..];
        }

        (_range, _length) = (range, length);
    }
}
