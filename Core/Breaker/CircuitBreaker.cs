namespace Connections.Core;

/// <summary>
/// Keeps calls away from what keeps failing, and lets a probe through after a while. The user's grain asks it before each dial,
/// <see cref="UpstreamHealth"/> before any dial of a silo, a front before it forwards a request under <c>/api</c>.
/// </summary>
/// <remarks>
/// <para>Split as Polly splits its own: <see cref="TripRule"/> decides, <see cref="OutcomeWindow"/> counts, this class holds the
/// state. Every change of state goes through one method, <see cref="MoveUnderLock"/>. There are no timers: an open breaker turns half-open
/// when somebody asks, and a probe that timed out is noticed then too, but its break counts from when its time was up.</para>
/// <para>An outcome counts only in the period its permit comes from, where each transition begins a new period. So a late success
/// while open closes nothing, a late failure from before the trip does not count again, and neither does an outcome from before an
/// operator's command. The second outcome of one probe is ignored as well.</para>
/// <para>Lengths of time are measured with the monotonic clock; only what a <see cref="BreakerSnapshot"/> shows is wall-clock time,
/// since it must mean something to the next process.</para>
/// <para>Safe for use by many threads. Handlers of <see cref="Transitioned"/> run inside the lock, which keeps them in order: they
/// must be short. They may call the breaker; if one throws, the caller gets the exception and the transition stands.</para>
/// </remarks>
public sealed class CircuitBreaker
{
    private readonly Lock _gate = new();
    private readonly BreakerOptions _options;
    private readonly TimeProvider _time;
    private readonly Func<double> _random;
    private readonly long _start;
    private readonly TripRule _rule;
    private readonly ProbeSet _probes = new();

    private BreakerState _state;
    private TimeSpan _began;
    private TimeSpan _breakEnds;
    private DateTimeOffset _since;
    private DateTimeOffset? _openUntil;
    private int _trips;
    private BreakerTransitionReason? _reason;
    private string? _detail;

    private long _lastId;
    private long _lastIdOfEarlierPeriods;

    // Drawn beforehand, so that RetryAfter can tell how long the break after an overdue probe will be, without side effects.
    private double _nextJitter;

    /// <summary>Makes a breaker, new or as it was stored.</summary>
    /// <param name="options">When it opens and closes.</param>
    /// <param name="time">The clock.</param>
    /// <param name="random">A number from 0 to 1 for the jitter; <see cref="Random.Shared"/> if null.</param>
    /// <param name="restored">What was stored at the last transition, or null for a new breaker. An open breaker keeps its remaining
    /// time, though never more than the options allow, whatever another machine's clock said. A half-open one lost its probes and
    /// starts as open with its break over, so the next caller gets a probe. Permits of the earlier instance mean nothing to this
    /// one.</param>
    /// <exception cref="ArgumentOutOfRangeException">The restored state is none of <see cref="BreakerState"/>.</exception>
    public CircuitBreaker(
        BreakerOptions options,
        TimeProvider time,
        Func<double>? random = null,
        BreakerSnapshot? restored = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        _options = options;
        _time = time;
        _random = random ?? Random.Shared.NextDouble;
        _start = time.GetTimestamp();
        _rule = new(options);
        _nextJitter = _random();

        var now = time.GetUtcNow();
        Restore(restored ?? BreakerSnapshot.Initial(now), now);
    }

    /// <summary>Every transition, exactly once, in order, before the call that caused it returns.</summary>
    public event Action<BreakerTransition>? Transitioned;

    /// <summary>The breaker as a value, now.</summary>
    public BreakerSnapshot Snapshot
    {
        get { lock (_gate) return SnapshotUnderLock(Now()); }
    }

    /// <summary>The state of the last transition. Reading it moves nothing: a break that is over still reads open until somebody asks
    /// for a permit.</summary>
    public BreakerState State
    {
        get { lock (_gate) return _state; }
    }

    /// <summary>How long a caller has to wait; zero when a call would be allowed.</summary>
    /// <remarks>While open, what is left of the break. While every probe is out, the time until the oldest one must have answered.
    /// While forced open nobody knows: <see cref="BreakerOptions.BreakDuration"/>, as a time to ask again.</remarks>
    public TimeSpan RetryAfter
    {
        get { lock (_gate) return WaitUnderLock(Now()); }
    }

    /// <summary>Asks to make one call. May move the breaker from open to half-open, and from half-open to open if a probe is
    /// overdue.</summary>
    /// <returns>A permit. If allowed, report its outcome once with <see cref="OnSuccess"/>, <see cref="OnFailure"/> or
    /// <see cref="Cancel"/>; if refused, it says how long to wait.</returns>
    public BreakerPermit TryAcquire()
    {
        lock (_gate)
        {
            var now = Now();
            FailOverdueProbeUnderLock(now);
            if (_state == BreakerState.Open && now >= _breakEnds) MoveUnderLock(BreakerTransitionReason.BreakElapsed, now, now);

            var wait = WaitUnderLock(now);
            if (wait > TimeSpan.Zero) return new(false, false, 0, wait);

            var permit = new BreakerPermit(true, _state == BreakerState.HalfOpen, ++_lastId, TimeSpan.Zero);
            if (permit.IsProbe) _probes.Add(permit.Id, now + _options.HalfOpenTimeout);
            return permit;
        }
    }

    /// <summary>Reports that the call succeeded.</summary>
    /// <param name="permit">What <see cref="TryAcquire"/> answered.</param>
    /// <param name="duration">How long the call took; longer than <see cref="BreakerOptions.SlowCallDuration"/> is a failure.</param>
    public void OnSuccess(BreakerPermit permit, TimeSpan duration = default)
    {
        if (_options.SlowCallDuration > TimeSpan.Zero && duration > _options.SlowCallDuration)
        {
            OnFailure(permit, $"slow: took {duration.TotalMilliseconds:F0} ms", retryAfter: null, duration);
            return;
        }

        lock (_gate)
        {
            var now = Now();
            if (!CountsUnderLock(permit, now)) return;
            if (_state == BreakerState.HalfOpen) MoveUnderLock(BreakerTransitionReason.ProbeSucceeded, now, now);
            else _rule.Succeeded(now);
        }
    }

    /// <summary>Reports that the call failed.</summary>
    /// <param name="permit">What <see cref="TryAcquire"/> answered.</param>
    /// <param name="detail">What happened, for people to read; kept if this failure opens the breaker.</param>
    /// <param name="retryAfter">What the other side asked for. If this failure opens the breaker, the break is at least that long, up
    /// to <see cref="BreakerOptions.MaxRetryAfter"/>.</param>
    /// <param name="duration">How long the call took. A failure is one however long it took.</param>
    public void OnFailure(BreakerPermit permit, string? detail = null, TimeSpan? retryAfter = null, TimeSpan duration = default)
    {
        lock (_gate)
        {
            var now = Now();
            if (!CountsUnderLock(permit, now)) return;
            if (_state == BreakerState.HalfOpen)
                MoveUnderLock(BreakerTransitionReason.ProbeFailed, now, now, detail, retryAfter);
            else if (_rule.Failed(now) is { } reason)
                MoveUnderLock(reason, now, now, detail, retryAfter);
        }
    }

    /// <summary>Reports that the call was given up and proves nothing; a probe's permit goes to the next caller.</summary>
    /// <param name="permit">What <see cref="TryAcquire"/> answered.</param>
    public void Cancel(BreakerPermit permit)
    {
        lock (_gate) CountsUnderLock(permit, Now());
    }

    /// <summary>Opens a closed breaker on the word of another one that watches the same backend, as its own failures would.</summary>
    /// <param name="detail">What the other one saw, for people to read.</param>
    /// <param name="retryAfter">As in <see cref="OnFailure"/>.</param>
    /// <returns>Whether it opened: in every other state it knows better, and nothing happens.</returns>
    public bool Trip(string? detail = null, TimeSpan? retryAfter = null)
    {
        lock (_gate)
        {
            var now = Now();
            FailOverdueProbeUnderLock(now);
            if (_state != BreakerState.Closed) return false;
            MoveUnderLock(BreakerTransitionReason.TrippedElsewhere, now, now, detail, retryAfter);
            return true;
        }
    }

    /// <summary>Holds the breaker open until <see cref="Reset"/> or <see cref="ForceClosed"/>, over restarts too.</summary>
    /// <param name="detail">Who and why.</param>
    public void ForceOpen(string? detail = null) => Command(BreakerTransitionReason.OperatorForcedOpen, detail);

    /// <summary>Holds the breaker closed until <see cref="Reset"/> or <see cref="ForceOpen"/>, over restarts too.</summary>
    /// <param name="detail">Who and why.</param>
    public void ForceClosed(string? detail = null) => Command(BreakerTransitionReason.OperatorForcedClosed, detail);

    /// <summary>Closes the breaker from any state and forgets failures and trips.</summary>
    /// <param name="detail">Who and why.</param>
    public void Reset(string? detail = null) => Command(BreakerTransitionReason.OperatorReset, detail);

    // A command is a transition even to the state that is there already: it must be stored and seen, with its detail.
    private void Command(BreakerTransitionReason reason, string? detail)
    {
        lock (_gate)
        {
            var now = Now();
            FailOverdueProbeUnderLock(now);
            MoveUnderLock(reason, now, now, detail);
        }
    }

    /// <summary>The one door: once the breaker is made, nothing else changes its state.</summary>
    private void MoveUnderLock(
        BreakerTransitionReason reason, TimeSpan at, TimeSpan now, string? detail = null, TimeSpan? retryAfter = null)
    {
        var from = _state;
        var trips = TripsUnderLock(at);

        _state = TargetOf(reason);
        _began = at;
        _since = _time.GetUtcNow() - (now - at);
        _openUntil = null;
        _reason = reason;
        _detail = detail;
        _probes.Clear();
        _lastIdOfEarlierPeriods = _lastId;

        if (reason is BreakerTransitionReason.ProbeFailed or BreakerTransitionReason.ProbeTimedOut) _rule.FailedInARow();
        _rule.StartPeriod(_state is BreakerState.Open or BreakerState.HalfOpen ? _rule.ConsecutiveFailures : 0);

        _trips = reason == BreakerTransitionReason.OperatorReset ? 0 : trips;
        if (_state == BreakerState.Open)
        {
            _trips = OneMore(trips);
            var length = BreakLength.Of(_options, _trips, _nextJitter, retryAfter);
            _nextJitter = _random();
            _breakEnds = at + length;
            _openUntil = _since + length;
        }

        Transitioned?.Invoke(new(from, _state, reason, _since, SnapshotUnderLock(at)));
    }

    private static BreakerState TargetOf(BreakerTransitionReason reason) => reason switch
    {
        BreakerTransitionReason.ProbeSucceeded or BreakerTransitionReason.OperatorReset => BreakerState.Closed,
        BreakerTransitionReason.BreakElapsed => BreakerState.HalfOpen,
        BreakerTransitionReason.OperatorForcedOpen => BreakerState.ForcedOpen,
        BreakerTransitionReason.OperatorForcedClosed => BreakerState.ForcedClosed,
        _ => BreakerState.Open,
    };

    private void Restore(BreakerSnapshot restored, DateTimeOffset now)
    {
        if (!Enum.IsDefined(restored.State))
            throw new ArgumentOutOfRangeException(nameof(restored), restored.State, "Not a state of a breaker.");

        // A clock that went back, or another machine's that is ahead: what lies in the future began just now.
        _began = Earlier(restored.Since - now, TimeSpan.Zero);
        _since = restored.Since;
        _state = restored.State;
        _trips = Math.Max(0, restored.Trips);
        _reason = restored.Reason;
        _detail = restored.Detail;
        _rule.StartPeriod(Math.Max(0, restored.ConsecutiveFailures));

        if (restored.State == BreakerState.HalfOpen)
        {
            _state = BreakerState.Open;
            _breakEnds = TimeSpan.Zero;
            _openUntil = restored.Since;
        }
        else if (restored.State == BreakerState.Open)
        {
            var left = (restored.OpenUntil ?? restored.Since) - now;
            _breakEnds = Earlier(left, BreakLength.Longest(_options));
            _openUntil = now + _breakEnds;
        }
    }

    // Late outcomes end here, and those of refused calls, whose id is 0. A half-open breaker also knows each of its probes, so
    // that each counts once.
    private bool CountsUnderLock(BreakerPermit permit, TimeSpan now)
    {
        FailOverdueProbeUnderLock(now);
        if (permit.Id <= _lastIdOfEarlierPeriods) return false;
        return _state switch
        {
            BreakerState.Closed => true,
            BreakerState.HalfOpen => _probes.Remove(permit.Id),
            _ => false,
        };
    }

    private void FailOverdueProbeUnderLock(TimeSpan now)
    {
        if (_probes.FirstDeadline is { } deadline && now >= deadline)
            MoveUnderLock(BreakerTransitionReason.ProbeTimedOut, deadline, now);
    }

    private TimeSpan WaitUnderLock(TimeSpan now) => _state switch
    {
        BreakerState.Open => Later(_breakEnds - now, TimeSpan.Zero),
        BreakerState.HalfOpen => WaitForProbeUnderLock(now),
        BreakerState.ForcedOpen => _options.BreakDuration,
        _ => TimeSpan.Zero,
    };

    private TimeSpan WaitForProbeUnderLock(TimeSpan now)
    {
        if (_probes.FirstDeadline is not { } deadline) return TimeSpan.Zero;
        if (now >= deadline)
        {
            var nextBreak = BreakLength.Of(_options, OneMore(_trips), _nextJitter, retryAfter: null);
            return Later(deadline + nextBreak - now, TimeSpan.Zero);
        }

        return _probes.Count < _options.HalfOpenPermits ? TimeSpan.Zero : deadline - now;
    }

    private int TripsUnderLock(TimeSpan now) =>
        _state == BreakerState.Closed && now - _began >= _options.HealthyAfter ? 0 : _trips;

    private BreakerSnapshot SnapshotUnderLock(TimeSpan now) =>
        new(_state, _since, _openUntil, _rule.ConsecutiveFailures, TripsUnderLock(now), _reason, _detail);

    private TimeSpan Now() => _time.GetElapsedTime(_start);

    private static int OneMore(int trips) => trips < int.MaxValue ? trips + 1 : trips;

    private static TimeSpan Earlier(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static TimeSpan Later(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
