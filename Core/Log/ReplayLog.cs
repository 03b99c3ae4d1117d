namespace Connections.Core;

/// <summary>
/// The last frames of a user, in order and without holes: the truth that every push is a hint of. The grain stamps frames into it,
/// a front keeps one of its own of what it was sent.
/// </summary>
/// <remarks>
/// A ring that grows by doubling, so that an idle user owns no memory. Not thread-safe. Time comes in with the frames and with
/// <see cref="Trim"/>; nothing here looks at a clock.
/// </remarks>
public sealed class ReplayLog
{
    private readonly ReplayWindow _window;
    private readonly ReplayBudget? _budget;
    private Frame[] _ring = [];
    private int _head;

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

    /// <summary>Stamps a message with the next offset and keeps it.</summary>
    public Frame Append(FrameKind kind, ReadOnlyMemory<byte> payload, long at)
    {
        var frame = new Frame(Top + 1, kind, payload, at);
        Append(frame);
        return frame;
    }

    /// <summary>Keeps a frame that is stamped already.</summary>
    /// <exception cref="ArgumentException">The frame is not the one after <see cref="Top"/>: the log never has holes.</exception>
    public void Append(Frame frame)
    {
        if (frame.Offset != Top + 1)
            throw new ArgumentException($"Offset {frame.Offset} does not follow {Top}: a log has no holes.", nameof(frame));
        if (Count == _ring.Length)
            Grow();
        _ring[(_head + Count) & (_ring.Length - 1)] = frame;
        Count++;
        Top++;
        Bytes += frame.Size;
        _budget?.Add(frame.Size);
        while (Count > 1 && (Count > _window.MaxFrames || Bytes > _window.MaxBytes || _budget is { Exceeded: true }))
            EvictOldest();
    }

    /// <summary>Evicts what is older than the window at <paramref name="now"/> (Unix ms).</summary>
    /// <returns>How many frames left.</returns>
    public int Trim(long now)
    {
        var oldest = now - (long)_window.MaxAge.TotalMilliseconds;
        var evicted = 0;
        while (Count > 0 && _ring[_head].At < oldest)
        {
            EvictOldest();
            evicted++;
        }

        if (Count == 0)
        {
            _ring = [];
            _head = 0;
        }

        return evicted;
    }

    /// <summary>Evicts everything and gives its bytes back to the budget; the log stands where it stood.</summary>
    public void Clear()
    {
        while (Count > 0)
            EvictOldest();
        _ring = [];
        _head = 0;
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
        var skip = (int)(after + 1 - First);
        var count = (int)Math.Min(Top - after, maxFrames);
        if (maxBytes < Bytes)
            count = CountWithin(skip, count, maxBytes);
        if (count <= 0)
            return [];
        var frames = new Frame[count];
        for (var i = 0; i < count; i++)
            frames[i] = At(skip + i);
        return frames;
    }

    /// <summary>As many of the newest frames as fit into <paramref name="maxBytes"/>, oldest first: what one who takes the log over needs most.</summary>
    public Frame[] Newest(int maxBytes)
    {
        var count = 0;
        for (long bytes = 0; count < Count && (bytes += At(Count - 1 - count).Size) <= maxBytes; count++)
        {
        }

        return Read(Top - count);
    }

    private int CountWithin(int skip, int count, int maxBytes)
    {
        long bytes = 0;
        for (var i = 0; i < count; i++)
        {
            bytes += At(skip + i).Size;
            if (i > 0 && bytes > maxBytes)
                return i;
        }

        return count;
    }

    private Frame At(int index) => _ring[(_head + index) & (_ring.Length - 1)];

    private void EvictOldest()
    {
        var size = _ring[_head].Size;
        _ring[_head] = null!;
        _head = (_head + 1) & (_ring.Length - 1);
        Count--;
        Bytes -= size;
        _budget?.Add(-size);
    }

    private void Grow()
    {
        var larger = new Frame[Math.Max(4, _ring.Length * 2)];
        for (var i = 0; i < Count; i++)
            larger[i] = At(i);
        _ring = larger;
        _head = 0;
    }
}
