using System.Runtime.CompilerServices;
using Connections.Core;

namespace Connections.WebFront.Sessions;

/// <summary>
/// Consecutive frames of one epoch on their way to tabs. Tabs that stand at the same place share the instance, and with it the encoded
/// form: a range is encoded once per way in, however many tabs get it.
/// </summary>
internal sealed class FrameRange(ulong epoch, Frame[] frames)
{
    private Slots _encoded;

    /// <summary>Which encoded form.</summary>
    public enum Encoding
    {
        /// <summary>A SignalR message, which holds the bytes of each hub protocol.</summary>
        Hub,

        /// <summary>A <c>connections.v1</c> text message.</summary>
        Envelope,

        /// <summary>Server-sent events, one a frame.</summary>
        Sse,

        /// <summary>How many there are.</summary>
        Count,
    }

    /// <summary>The epoch of the frames.</summary>
    public ulong Epoch => epoch;

    /// <summary>The frames.</summary>
    public Frame[] Frames => frames;

    /// <summary>The bytes of their payloads.</summary>
    public long Bytes { get; } = PayloadBytes(frames);

    /// <summary>The offset before the first one.</summary>
    public long After => frames[0].Offset - 1;

    /// <summary>Where a reader stands once it has them.</summary>
    public FramePosition End => new(epoch, frames[^1].Offset);

    /// <summary>The encoded form, made at the first call. Two tabs that race may both make it; one of them is kept.</summary>
    public T Encoded<T>(Encoding encoding, Func<FrameRange, T> encode)
        where T : class
    {
        ref var slot = ref _encoded[(int)encoding];
        if (Volatile.Read(ref slot) is { } ready)
            return (T)ready;
        var made = encode(this);
        return (T)(Interlocked.CompareExchange(ref slot, made, null) ?? made);
    }

    private static long PayloadBytes(Frame[] frames)
    {
        long bytes = 0;
        foreach (var frame in frames)
            bytes += frame.Payload.Length;
        return bytes;
    }

    [InlineArray((int)Encoding.Count)]
    private struct Slots
    {
        private object? _first;
    }
}
