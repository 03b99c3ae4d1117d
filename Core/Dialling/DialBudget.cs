namespace Connections.Core;

/// <summary>
/// Lets the users of one silo dial at a steady pace, so that a recovering backend sees a ramp and never a wall. Every grain asks it
/// before each dial.
/// </summary>
/// <remarks>
/// <para>Two limits: dials a second, of which any one second sees at most 1.2 times the rate (at least 1; see
/// <see cref="DialPace"/>), or 1.2 times the highest one if the rate changes in that second; and dials under way at once. Whoever
/// does not get a lease at once waits in line, and nobody overtakes. The line has no bound of its own: it holds at most one waiter for
/// each user of the silo.</para>
/// <para>Safe for use by many threads. Continuations of waiters never run on the thread that gave the lease.</para>
/// </remarks>
public sealed class DialBudget : IDisposable
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly LinkedList<Waiter> _line = [];
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly ITimer _timer;
    private readonly DialPace _pace;
    private readonly int _maxConcurrent;
    private int _dialling;
    private bool _disposed;

    /// <summary>A budget that begins with a full bucket.</summary>
    /// <param name="dialsPerSecond">This silo's rate, see <see cref="ShareOf"/>; 0 stops dialling.</param>
    /// <param name="maxConcurrent">Dials that may be under way at once, 1 or more.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is negative or not finite, or there is no place at all.</exception>
    public DialBudget(double dialsPerSecond, int maxConcurrent, TimeProvider time)
    {
        ThrowIfNoRate(dialsPerSecond);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxConcurrent, 1);
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
        _start = time.GetTimestamp();
        _maxConcurrent = maxConcurrent;
        _pace = new(dialsPerSecond, TimeSpan.Zero);
        _timer = CreateTimer(time);
    }

    /// <summary>This silo's dials a second.</summary>
    public double Rate
    {
        get { lock (_gate) return _pace.Rate; }
    }

    /// <summary>How many wait for a lease.</summary>
    public int Waiting
    {
        get { lock (_gate) return _line.Count; }
    }

    /// <summary>How many leases are out.</summary>
    public int Dialling
    {
        get { lock (_gate) return _dialling; }
    }

    /// <summary>One silo's part of what the backend can take from the whole cluster.</summary>
    /// <param name="clusterDialsPerSecond">What the backend can take.</param>
    /// <param name="liveSilos">Silos that are alive; less than 1 counts as 1, since the one that asks is.</param>
    /// <returns>Dials a second for each silo.</returns>
    public static double ShareOf(double clusterDialsPerSecond, int liveSilos) => clusterDialsPerSecond / Math.Max(1, liveSilos);

    /// <summary>Changes the rate, when silos come and go or an operator says so. Those who wait stay in line.</summary>
    /// <param name="dialsPerSecond">This silo's rate; 0 stops dialling.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is negative or not finite.</exception>
    public void SetRate(double dialsPerSecond)
    {
        ThrowIfNoRate(dialsPerSecond);
        lock (_gate)
        {
            _pace.SetRate(dialsPerSecond, Now());
            ServeLineUnderLock();
        }
    }

    /// <summary>Waits for the permission to dial once.</summary>
    /// <param name="cancellationToken">Leaves the line, which costs the others nothing. If the lease was given at the same moment, the
    /// lease is what the caller gets.</param>
    /// <returns>A lease, to be disposed of when the dial has ended. Await it: a lease that nobody takes keeps its place.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The budget was disposed of, before or while waiting.</exception>
    public ValueTask<DialLease> AcquireAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<DialLease>(cancellationToken);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_line.Count == 0 && TryLeaseUnderLock() is { } lease) return ValueTask.FromResult(lease);

            var waiter = new Waiter();
            var place = _line.AddLast(waiter);
            waiter.Cancellation = cancellationToken.UnsafeRegister(_ => Leave(place, cancellationToken), null);
            if (_line.First == place) ServeLineUnderLock();
            return new(waiter.Lease.Task);
        }
    }

    /// <summary>Ends the line: those who wait get an <see cref="ObjectDisposedException"/>. Leases that are out stay valid.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            foreach (var waiter in _line)
            {
                waiter.Cancellation.Unregister();
                waiter.Lease.SetException(new ObjectDisposedException(nameof(DialBudget)));
            }

            _line.Clear();
        }

        _timer.Dispose();
    }

    internal void Release()
    {
        lock (_gate)
        {
            _dialling--;
            ServeLineUnderLock();
        }
    }

    private static void ThrowIfNoRate(double dialsPerSecond)
    {
        if (!double.IsFinite(dialsPerSecond) || dialsPerSecond < 0)
            throw new ArgumentOutOfRangeException(nameof(dialsPerSecond), dialsPerSecond, "Must be 0 or more.");
    }

    // The budget outlives whoever made it: its timer must not carry that one's ambient context along.
    private ITimer CreateTimer(TimeProvider time)
    {
        var flows = !ExecutionContext.IsFlowSuppressed();
        if (flows) ExecutionContext.SuppressFlow();
        try
        {
            return time.CreateTimer(_ => OnTimer(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
        finally
        {
            if (flows) ExecutionContext.RestoreFlow();
        }
    }

    private void OnTimer()
    {
        lock (_gate) ServeLineUnderLock();
    }

    private void Leave(LinkedListNode<Waiter> place, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (place.List is null) return;
            _line.Remove(place);
        }

        place.Value.Lease.SetCanceled(cancellationToken);
    }

    private void ServeLineUnderLock()
    {
        while (_line.First is { } first && TryLeaseUnderLock() is { } lease)
        {
            _line.Remove(first);
            first.Value.Cancellation.Unregister();
            first.Value.Lease.SetResult(lease);
        }

        // With every place taken the next release serves the line, and at rate 0 the next change of it.
        if (_line.Count > 0 && _dialling < _maxConcurrent && _pace.WaitAt(Now()) is { } wait)
            _timer.Change(InWholeMilliseconds(wait), Timeout.InfiniteTimeSpan);
    }

    private DialLease? TryLeaseUnderLock()
    {
        if (_dialling >= _maxConcurrent || !_pace.TryTake(Now())) return null;
        _dialling++;
        return new(this);
    }

    // Timers count whole milliseconds and round down: rounded up here, or the last one would be spent in a busy loop.
    private static TimeSpan InWholeMilliseconds(TimeSpan wait) =>
        wait > LongestTimer ? LongestTimer : TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds));

    private TimeSpan Now() => _time.GetElapsedTime(_start);

    private sealed class Waiter
    {
        public TaskCompletionSource<DialLease> Lease { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public CancellationTokenRegistration Cancellation { get; set; }
    }
}
