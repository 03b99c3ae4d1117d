using System.Numerics;

namespace Connections.Core;

/// <summary>
/// The frames of a log as bytes in pieces (<see cref="LogChunk"/>), the oldest first out. A new piece is a quarter to a half of what there is, so that an idle user's log takes next to nothing
/// and a busy one's not much more than it needs, and nothing is copied when it grows.
/// </summary>
internal sealed class FrameChunks
{
    // An idle user has the marker of its open upstream, and nothing else.
    private const int First = 128;
    private const int Smallest = 512;
    private const int Largest = 16 << 10;

    // From this on a payload has a piece of its own, of just its size: what is left of a shared one would often be too little for the next.
    private const int LargePayload = Largest / 4;

    // Of what its pieces have room for a log uses a quarter at least, but for one small piece, once it was tidied.
    private const int LeastUse = 4;

    private LogChunk? _oldest;
    private LogChunk? _newest;

    // The last one that was emptied: a log that loses as much as it gets needs no other.
    private LogChunk? _spare;

    // What the pieces with frames have room for.
    private long _room;

    /// <summary>How many frames there are.</summary>
    public int Count { get; private set; }

    /// <summary>What they hold, in bytes, heads included.</summary>
    public long Bytes { get; private set; }

    /// <summary>When the gateway had the oldest frame, Unix time in milliseconds; null when there is none.</summary>
    public long? OldestAt => _oldest?.At(_oldest.Oldest);

    /// <summary>Keeps a copy of a frame.</summary>
    public void Append(FrameKind kind, ReadOnlySpan<byte> payload, long at)
    {
        ChunkFor(payload.Length).Append(kind, payload, at);
        Count++;
        Bytes += LogChunk.HeadBytes + payload.Length;
    }

    /// <summary>The oldest frame leaves.</summary>
    /// <returns>Its bytes.</returns>
    public int RemoveOldest()
    {
        var chunk = _oldest!;
        var size = chunk.SizeAt(chunk.Oldest);
        chunk.RemoveOldest();
        Count--;
        Bytes -= size;
        if (chunk.Count == 0)
            Unlink(chunk);
        return size;
    }

    /// <summary>Gives back what a log that gets less than it got has no use for.</summary>
    public void Tidy()
    {
        if (_spare?.Size > Bytes / 2)
            _spare = null;
        if (_room > (Bytes * LeastUse) + Smallest)
            Repack();
    }

    /// <summary>A reader that stands at a frame that is there.</summary>
    /// <param name="index">Which, from the oldest.</param>
    public Reader ReadFrom(int index)
    {
        if (index == Count - 1)
            return new Reader(_newest!, _newest!.Newest);
        var chunk = _oldest!;
        for (; index >= chunk.Count; chunk = chunk.Next!)
            index -= chunk.Count;
        var reader = new Reader(chunk, chunk.Oldest);
        for (; index > 0; index--)
            reader.Move();
        return reader;
    }

    private LogChunk ChunkFor(int payload)
    {
        if (_newest?.Fits(payload) == true)
            return _newest;
        var size = LogChunk.HeadBytes + payload;
        var chunk = payload >= LargePayload ? new LogChunk(size) : NextChunk(size);
        _room += chunk.Size;
        if (_newest is null)
            _oldest = chunk;
        else
            _newest.Next = chunk;
        return _newest = chunk;
    }

    private LogChunk NextChunk(int atLeast)
    {
        var wanted = _newest is null ? First : (int)Math.Clamp(BitOperations.RoundUpToPowerOf2((ulong)Bytes / 4), Smallest, Largest);
        var size = Math.Max(atLeast, wanted);
        var chunk = _spare?.Size >= size ? _spare : new LogChunk(size);
        _spare = null;
        return chunk;
    }

    private void Unlink(LogChunk chunk)
    {
        (_oldest, chunk.Next) = (chunk.Next, null);
        _room -= chunk.Size;
        if (_oldest is null)
            _newest = null;
        if (chunk.Size <= Largest)
            _spare = chunk;
    }

    // What a burst has left in large pieces moves to small ones.
    private void Repack()
    {
        var chunk = _oldest;
        (_oldest, _newest, _room) = (null, null, 0);
        for (; chunk is not null; chunk = chunk.Next)
        {
            for (var (place, left) = (chunk.Oldest, chunk.Count); left > 0; (place, left) = (chunk.After(place), left - 1))
                ChunkFor(chunk.Length(place)).Append(chunk, place);
        }
    }

    /// <summary>Goes from frame to frame; of no use once the log has changed.</summary>
    public struct Reader(LogChunk chunk, int place)
    {
        private LogChunk _chunk = chunk;
        private int _place = place;

        /// <summary>The bytes of the frame where it stands, its head included.</summary>
        public readonly int Size => _chunk.SizeAt(_place);

        /// <summary>A copy of the frame where it stands.</summary>
        public readonly Frame Copy(long offset) => _chunk.Copy(_place, offset);

        /// <summary>Goes to the next frame; after the newest it stays where it is.</summary>
        public void Move()
        {
            if (_place != _chunk.Newest)
                _place = _chunk.After(_place);
            else if (_chunk.Next is { } next)
                (_chunk, _place) = (next, next.Oldest);
        }
    }
}
