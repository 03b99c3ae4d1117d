namespace Connections.Core;

/// <summary>
/// The last frames of a user, in order and without holes: the truth that every push is a hint of. The grain stamps frames into it,
/// a front keeps one of its own of what it was sent.
/// </summary>
/// <remarks>
/// It holds bytes, and no object for a frame: a garbage collector has nothing to look for here, and copies nothing that stays
/// (docs/decisions/0027-a-log-of-bytes.md). What is read is a copy. Not thread-safe. Time comes in with the frames and with <see cref="Trim"/>;
/// nothing here looks at a clock.
/// </remarks>
public sealed class ReplayLog
{
    private readonly ReplayWindow _window;
    private readonly ReplayBudget? _budget;
    private FrameChunks _frames = new();

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
    public int Count => _frames.Count;

    /// <summary>What they hold, in bytes.</summary>
    public long Bytes => _frames.Bytes;

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
        _frames.Append(kind, payload, at);
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
        while (_frames.OldestAt < oldest)
        {
            EvictOldest();
            evicted++;
        }

        _frames.Tidy();
        return evicted;
    }

    /// <summary>Evicts everything and gives its bytes back to the budget; the log stands where it stood.</summary>
    public void Clear()
    {
        _budget?.Add(-Bytes);
        _frames = new FrameChunks();
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
        var reader = _frames.ReadFrom((int)(after + 1 - First));
        if (maxBytes < Bytes)
            left = CountWithin(reader, left, maxBytes);
        var frames = new Frame[left];
        foreach (ref var frame in frames.AsSpan())
        {
            frame = reader.Copy(++after);
            reader.Move();
        }

        return frames;
    }

    /// <summary>As many of the newest frames as fit into <paramref name="maxBytes"/>, oldest first: what one who takes the log over needs most.</summary>
    public Frame[] Newest(int maxBytes)
    {
        if (Count == 0)
            return [];
        var (after, bytes) = (First - 1, Bytes);
        for (var reader = _frames.ReadFrom(0); after < Top && bytes > maxBytes; after++)
        {
            bytes -= reader.Size;
            reader.Move();
        }

        return Read(after);
    }

    private static int CountWithin(FrameChunks.Reader reader, int most, int maxBytes)
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

    private void EvictOldest()
    {
        var size = _frames.RemoveOldest();
        _budget?.Add(-size);
    }
}
