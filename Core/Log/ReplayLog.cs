using System.Numerics;

namespace Connections.Core;

/// <summary>
/// The last frames of a user, in order and without holes: the truth that every push is a hint of. The grain stamps frames into it,
/// a front keeps one of its own of what it was sent.
/// </summary>
/// <remarks>
/// Bytes in pieces, and no object for a frame: a garbage collector has nothing to look for here, and copies nothing that stays
/// (docs/decisions/0027-a-log-of-bytes.md). A new piece is a quarter to a half of what the log holds, so that an idle user owns next to nothing and a busy one not
/// much more than it needs, and nothing is copied when a log grows. What is read is a copy. Not thread-safe. Time comes in with the frames and with
/// <see cref="Trim"/>; nothing here looks at a clock.
/// </remarks>
public sealed class ReplayLog
{
    // An idle user has the marker of its open upstream, and nothing else.
    private const int FirstChunk = 128;
    private const int SmallestChunk = 512;
    private const int LargestChunk = 16 << 10;

    // From this on a payload has a piece of its own, of just its size: what is left of a shared one would often be too little for the next.
    private const int LargePayload = LargestChunk / 4;

    // Of what its pieces have room for a log uses a quarter at least, but for one small piece, once it was trimmed.
    private const int LeastUse = 4;

    private readonly ReplayWindow _window;
    private readonly ReplayBudget? _budget;
    private LogChunk? _oldest;
    private LogChunk? _newest;

    // The last one that was emptied: a log that loses as much as it gets needs no other.
    private LogChunk? _spare;

    // What the pieces with frames have room for.
    private long _room;

    /// <summary>Makes an empty log that stands at <paramref name="top"/>: the next frame gets the offset after it.</summary>
    /// <param name="window">What is kept.</param>
    /// <param name="epoch">The epoch of all its frames.</param>
    /// <param name="top">The last offset already used in the epoch.</param>
    /// <param name="budget">What all logs of the process share, if anything.</param>
    public ReplayLog(ReplayWindow window, ulong epoch, long top = 0, ReplayBudget? budget = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(top);
        _window = window;
        _budget = budget;
        Epoch = epoch;
        Top = top;
    }

    /// <summary>The epoch of all frames here.</summary>
    public ulong Epoch { get; }

    /// <summary>The newest offset; 0 in an epoch without frames.</summary>
    public long Top { get; private set; }

    /// <summary>The oldest offset that can be read; <see cref="Top"/> + 1 when there is none.</summary>
    public long First => Top - Count + 1;

    /// <summary>How many frames can be read.</summary>
    public int Count { get; private set; }

    /// <summary>What they hold, in bytes.</summary>
    public long Bytes { get; private set; }

    /// <summary>Where a reader stands that has everything.</summary>
    public FramePosition TopPosition => new(Epoch, Top);

    /// <summary>Stamps a message with the next offset and keeps a copy of it.</summary>
    /// <returns>The offset.</returns>
    public long Append(FrameKind kind, ReadOnlySpan<byte> payload, long at)
    {
        var size = payload.Length + Frame.Overhead;
        _budget?.Add(size);
        while (Count > 0 && (Count >= _window.MaxFrames || Bytes + size > _window.MaxBytes || _budget is { Exceeded: true }))
            EvictOldest();
        ChunkFor(payload.Length).Append(kind, payload, at);
        Count++;
        Bytes += size;
        return ++Top;
    }

    /// <summary>Keeps a copy of a frame that is stamped already.</summary>
    /// <exception cref="ArgumentException">The frame is not the one after <see cref="Top"/>: the log never has holes.</exception>
    public void Append(Frame frame)
    {
        if (frame.Offset != Top + 1)
            throw new ArgumentException($"Offset {frame.Offset} does not follow {Top}: a log has no holes.", nameof(frame));
        Append(frame.Kind, frame.Payload.Span, frame.At);
    }

    /// <summary>Evicts what is older than the window at <paramref name="now"/> (Unix ms).</summary>
    /// <returns>How many frames left.</returns>
    public int Trim(long now)
    {
        var oldest = now - (long)_window.MaxAge.TotalMilliseconds;
        var evicted = 0;
        while (_oldest is { } chunk && chunk.At(chunk.Oldest) < oldest)
        {
            EvictOldest();
            evicted++;
        }

        // One who gets less than he got has no use for it soon.
        if (_spare?.Size > Bytes / 2)
            _spare = null;
        if (_room > (Bytes * LeastUse) + SmallestChunk)
            Repack();
        return evicted;
    }

    /// <summary>Evicts everything and gives its bytes back to the budget; the log stands where it stood.</summary>
    public void Clear()
    {
        _budget?.Add(-Bytes);
        (_oldest, _newest, _spare, _room, Count, Bytes) = (null, null, null, 0, 0, 0);
    }

    /// <summary>Whether every frame after <paramref name="position"/> can be read, and if not, why.</summary>
    public Refusal Check(FramePosition position) =>
        position.Epoch != Epoch ? Refusal.EpochChanged
        : position.Offset > Top ? Refusal.FutureOffset
        : position.Offset < First - 1 ? Refusal.Evicted
        : Refusal.None;

    /// <summary>The frames after <paramref name="after"/>, oldest first, up to the limits; at least one when there is one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The frame after <paramref name="after"/> is gone, or was never here: <see cref="Check"/> first.</exception>
    public Frame[] Read(long after, int maxFrames = int.MaxValue, int maxBytes = int.MaxValue)
    {
        if (after < First - 1 || after > Top)
            throw new ArgumentOutOfRangeException(nameof(after), after, $"The log holds {First} to {Top}.");
        var left = (int)Math.Min(Top - after, maxFrames);
        if (left <= 0)
            return [];
        var reader = ReaderAfter(after);
        if (maxBytes < Bytes)
            left = CountWithin(reader, left, maxBytes);
        var frames = new Frame[left];
        foreach (ref var frame in frames.AsSpan())
        {
            frame = reader.Chunk.Copy(reader.Place, ++after);
            reader.Move();
        }

        return frames;
    }

    /// <summary>As many of the newest frames as fit into <paramref name="maxBytes"/>, oldest first: what one who takes the log over needs most.</summary>
    public Frame[] Newest(int maxBytes)
    {
        if (_oldest is null)
            return [];
        var (after, bytes) = (First - 1, Bytes);
        for (var reader = ReaderAfter(after); after < Top && bytes > maxBytes; after++)
        {
            bytes -= reader.Size;
            reader.Move();
        }

        return Read(after);
    }

    private static int CountWithin(Reader reader, int most, int maxBytes)
    {
        long bytes = 0;
        for (var count = 0; count < most; count++)
        {
            bytes += reader.Size;
            if (count > 0 && bytes > maxBytes)
                return count;
            reader.Move();
        }

        return most;
    }

    private Reader ReaderAfter(long after)
    {
        if (after == Top - 1)
            return new Reader(_newest!, _newest!.Newest);
        var skip = (int)(after + 1 - First);
        var chunk = _oldest!;
        for (; skip >= chunk.Count; chunk = chunk.Next!)
            skip -= chunk.Count;
        var reader = new Reader(chunk, chunk.Oldest);
        for (; skip > 0; skip--)
            reader.Move();
        return reader;
    }

    private LogChunk NextChunk(int atLeast)
    {
        var wanted = _newest is null ? FirstChunk : (int)Math.Clamp(BitOperations.RoundUpToPowerOf2((ulong)Bytes / 4), SmallestChunk, LargestChunk);
        var size = Math.Max(atLeast, wanted);
        var chunk = _spare?.Size >= size ? _spare : new LogChunk(size);
        _spare = null;
        return chunk;
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

    private void EvictOldest()
    {
        var chunk = _oldest!;
        var size = chunk.Length(chunk.Oldest) + Frame.Overhead;
        chunk.RemoveOldest();
        Count--;
        Bytes -= size;
        _budget?.Add(-size);
        if (chunk.Count > 0)
            return;
        (_oldest, chunk.Next) = (chunk.Next, null);
        _room -= chunk.Size;
        if (_oldest is null)
            _newest = null;
        if (chunk.Size <= LargestChunk)
            _spare = chunk;
    }

    // Goes from frame to frame.
    private struct Reader(LogChunk chunk, int place)
    {
        public LogChunk Chunk { get; private set; } = chunk;

        public int Place { get; private set; } = place;

        public readonly int Size => Chunk.Length(Place) + Frame.Overhead;

        // After the newest frame it stays where it is.
        public void Move()
        {
            if (Place != Chunk.Newest)
                Place = Chunk.After(Place);
            else if (Chunk.Next is { } next)
                (Chunk, Place) = (next, next.Oldest);
        }
    }
}
