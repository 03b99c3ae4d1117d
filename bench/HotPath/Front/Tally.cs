namespace Connections.HotPath.Front;

/// <summary>What arrived of one run. Thread-safe.</summary>
internal sealed class Tally(int run, int users, int capacity, long from, long to, TimeProvider time)
{
    private readonly long[] _ticks = new long[capacity];
    private readonly long[] _last = new long[users];
    private int _count;
    private int _inWindow;
    private int _outOfOrder;

    /// <summary>How many arrived of those that count.</summary>
    public int Count => Math.Min(Volatile.Read(ref _count), capacity);

    /// <summary>How many arrived while the run was measured, whenever they were made.</summary>
    public int InWindow => Volatile.Read(ref _inWindow);

    /// <summary>How many came after a later one of the same user.</summary>
    public int OutOfOrder => Volatile.Read(ref _outOfOrder);

    /// <summary>A message arrived.</summary>
    public void Arrived(ReadOnlySpan<byte> bytes)
    {
        var now = time.GetTimestamp();
        var message = Message.Read(bytes);
        if (message.Run != run)
            return;
        if (now >= from && now < to)
            Interlocked.Increment(ref _inWindow);
        if (Interlocked.Exchange(ref _last[message.User], message.Number) > message.Number)
            Interlocked.Increment(ref _outOfOrder);
        if (message.MadeAt >= from && message.MadeAt < to && Interlocked.Increment(ref _count) is var n && n <= capacity)
            _ticks[n - 1] = now - message.MadeAt;
    }

    /// <summary>The time on the way that this part of the messages stayed under.</summary>
    public TimeSpan Latency(double part)
    {
        var sorted = _ticks[..Count];
        Array.Sort(sorted);
        return sorted.Length == 0 ? TimeSpan.Zero : time.GetElapsedTime(0, sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * part))]);
    }
}
