namespace Connections.Grains.Upstream;

/// <summary>
/// Calls back after a delay that is the same for all, so that who came first is due first: one timer and one queue, where a timer for each of thousands would be looked
/// through several times a second. Thread-safe.
/// </summary>
/// <typeparam name="T">What is called back for.</typeparam>
internal sealed class DelayQueue<T> : IDisposable
{
    // Those who are due within so short a time are called back together: thousands must not wake as many times.
    private static readonly TimeSpan Together = TimeSpan.FromMilliseconds(50);

    private readonly Queue<(long Since, T Item, long Number)> _waiting = new();
    private readonly Lock _gate = new();
    private readonly TimeSpan _delay;
    private readonly Action<T, long> _due;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;

    /// <summary>Makes an empty queue; its timer stands still.</summary>
    /// <param name="delay">How long each waits.</param>
    /// <param name="due">Called when one has waited, on the timer's thread: must neither wait nor throw.</param>
    /// <param name="time">The clock.</param>
    public DelayQueue(TimeSpan delay, Action<T, long> due, TimeProvider time)
    {
        _delay = delay;
        _due = due;
        _time = time;
        _timer = time.CreateTimer(static self => ((DelayQueue<T>)self!).OnTime(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Begins to wait. There is no way back: who is no longer interested is called all the same.</summary>
    /// <param name="item">What is called back for.</param>
    /// <param name="number">Given back, to tell one wait of the same item from another.</param>
    public void Add(T item, long number)
    {
        lock (_gate)
        {
            _waiting.Enqueue((_time.GetTimestamp(), item, number));
            if (_waiting.Count == 1)
                _timer.Change(_delay, Timeout.InfiniteTimeSpan);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void OnTime()
    {
        while (TakeDue() is var (item, number))
            _due(item, number);
    }

    // The timer is set anew when nothing more is due.
    private (T Item, long Number)? TakeDue()
    {
        lock (_gate)
        {
            if (!_waiting.TryPeek(out var first))
                return null;
            var left = _delay - _time.GetElapsedTime(first.Since);
            if (left > TimeSpan.Zero)
            {
                _timer.Change(left > Together ? left : Together, Timeout.InfiniteTimeSpan);
                return null;
            }

            _waiting.Dequeue();
            return (first.Item, first.Number);
        }
    }
}
