namespace Connections.Core.Tests;

/// <summary>
/// The breaker once more, written from its description and not from its code: it remembers what happened since the last transition
/// and works everything out from that memory, by the wall clock, with no counters. Slow, simple, single-threaded.
/// </summary>
internal sealed class BreakerModel
{
    private readonly BreakerOptions _options;
    private readonly double _jitter;
    private readonly Func<DateTimeOffset> _now;
    private readonly DateTimeOffset _born;
    private readonly List<(DateTimeOffset At, bool Failed)> _outcomes = [];
    private readonly HashSet<long> _permits = [];
    private readonly SortedDictionary<long, DateTimeOffset> _probes = [];
    private BreakerSnapshot _last;
    private long _ids;

    public BreakerModel(BreakerOptions options, double jitter, Func<DateTimeOffset> now, BreakerSnapshot? stored)
    {
        (_options, _jitter, _now, _born) = (options, jitter, now, now());
        _last = stored ?? BreakerSnapshot.Initial(_born);
        if (_last.State == BreakerState.HalfOpen)
            _last = _last with { State = BreakerState.Open, OpenUntil = _last.Since };
    }

    public List<BreakerTransition> Transitions { get; } = [];

    public BreakerSnapshot Snapshot => _last with { ConsecutiveFailures = FailuresInARow, Trips = TripsAt(_now()) };

    public TimeSpan RetryAfter
    {
        get
        {
            var now = _now();
            switch (_last.State)
            {
                case BreakerState.ForcedOpen:
                    return _options.BreakDuration;
                case BreakerState.Open:
                    return NotNegative(_last.OpenUntil!.Value - now);
                case BreakerState.HalfOpen when OverdueSince is { } overdue:
                    return NotNegative(overdue + Break(_last.Trips + 1, null) - now);
                case BreakerState.HalfOpen when _probes.Count == _options.HalfOpenPermits:
                    return _probes.Values.Min() + _options.HalfOpenTimeout - now;
                default:
                    return TimeSpan.Zero;
            }
        }
    }

    private DateTimeOffset? OverdueSince =>
        _probes.Count > 0 && _probes.Values.Min() + _options.HalfOpenTimeout is var deadline && deadline <= _now() ? deadline : null;

    private int FailuresInARow
    {
        get
        {
            var lastSuccess = _outcomes.FindLastIndex(outcome => !outcome.Failed);
            return lastSuccess < 0 ? _last.ConsecutiveFailures + _outcomes.Count : _outcomes.Count - 1 - lastSuccess;
        }
    }

    public BreakerPermit TryAcquire()
    {
        NoticeOverdueProbe();
        if (_last.State == BreakerState.Open && RetryAfter == TimeSpan.Zero)
            Enter(BreakerState.HalfOpen, BreakerTransitionReason.BreakElapsed, _now(), FailuresInARow, _last.Trips);

        if (RetryAfter > TimeSpan.Zero) return new(false, false, 0, RetryAfter);
        var id = ++_ids;
        _permits.Add(id);
        if (_last.State == BreakerState.HalfOpen) _probes[id] = _now();
        return new(true, _last.State == BreakerState.HalfOpen, id, TimeSpan.Zero);
    }

    public void OnSuccess(BreakerPermit permit, TimeSpan duration)
    {
        var slow = _options.SlowCallDuration > TimeSpan.Zero && duration > _options.SlowCallDuration;
        if (slow) OnFailure(permit, "slow: took " + duration.TotalMilliseconds + " ms", null);
        else if (Heard(permit, failed: false) == BreakerState.HalfOpen)
            Enter(BreakerState.Closed, BreakerTransitionReason.ProbeSucceeded, _now(), 0, _last.Trips);
    }

    public void OnFailure(BreakerPermit permit, string? detail, TimeSpan? retryAfter)
    {
        var heardIn = Heard(permit, failed: true);
        if (heardIn == BreakerState.HalfOpen)
        {
            Trip(BreakerTransitionReason.ProbeFailed, _now(), _last.ConsecutiveFailures + 1, detail, retryAfter);
        }
        else if (heardIn == BreakerState.Closed)
        {
            if (_options.FailureThreshold != 0 && FailuresInARow >= _options.FailureThreshold)
                Trip(BreakerTransitionReason.ConsecutiveFailures, _now(), FailuresInARow, detail, retryAfter);
            else if (RatioReached())
                Trip(BreakerTransitionReason.FailureRatio, _now(), FailuresInARow, detail, retryAfter);
        }
    }

    public void Cancel(BreakerPermit permit)
    {
        NoticeOverdueProbe();
        _probes.Remove(permit.Id);
    }

    /// <summary>Another breaker of the same backend opened: a closed one follows.</summary>
    public void TripElsewhere(string? detail, TimeSpan? retryAfter)
    {
        NoticeOverdueProbe();
        if (_last.State == BreakerState.Closed) Trip(BreakerTransitionReason.TrippedElsewhere, _now(), FailuresInARow, detail, retryAfter);
    }

    public void ForceOpen(string? detail) =>
        Obey(BreakerState.ForcedOpen, BreakerTransitionReason.OperatorForcedOpen, detail, forget: false);

    public void ForceClosed(string? detail) =>
        Obey(BreakerState.ForcedClosed, BreakerTransitionReason.OperatorForcedClosed, detail, forget: false);

    public void Reset(string? detail) => Obey(BreakerState.Closed, BreakerTransitionReason.OperatorReset, detail, forget: true);

    private void Obey(BreakerState state, BreakerTransitionReason reason, string? detail, bool forget)
    {
        NoticeOverdueProbe();
        Enter(state, reason, _now(), 0, forget ? 0 : TripsAt(_now()), detail);
    }

    /// <summary>The state in which this outcome is heard, or null if nobody listens.</summary>
    private BreakerState? Heard(BreakerPermit permit, bool failed)
    {
        NoticeOverdueProbe();
        if (!_permits.Contains(permit.Id)) return null;
        if (_last.State == BreakerState.HalfOpen) return _probes.Remove(permit.Id) ? BreakerState.HalfOpen : null;
        if (_last.State != BreakerState.Closed) return null;
        _outcomes.Add((_now(), failed));
        return BreakerState.Closed;
    }

    private bool RatioReached()
    {
        if (_options.FailureRatio == 0) return false;
        var slice = _options.Window.Ticks / 10;
        long SliceOf(DateTimeOffset at) => (at - _born).Ticks / slice;
        var seen = _outcomes.Where(outcome => SliceOf(outcome.At) > SliceOf(_now()) - 10).ToList();
        var failed = seen.Count(outcome => outcome.Failed);
        return seen.Count >= _options.MinimumThroughput && (double)failed / seen.Count >= _options.FailureRatio;
    }

    private void NoticeOverdueProbe()
    {
        if (OverdueSince is { } deadline)
            Trip(BreakerTransitionReason.ProbeTimedOut, deadline, _last.ConsecutiveFailures + 1, null, null);
    }

    private void Trip(BreakerTransitionReason reason, DateTimeOffset at, int failures, string? detail, TimeSpan? retryAfter)
    {
        var trips = TripsAt(at) + 1;
        Enter(BreakerState.Open, reason, at, failures, trips, detail, at + Break(trips, retryAfter));
    }

    private void Enter(
        BreakerState state,
        BreakerTransitionReason reason,
        DateTimeOffset at,
        int failures,
        int trips,
        string? detail = null,
        DateTimeOffset? until = null)
    {
        var from = _last.State;
        _last = new(state, at, until, failures, trips, reason, detail);
        _outcomes.Clear();
        _permits.Clear();
        _probes.Clear();
        Transitions.Add(new(from, state, reason, at, _last with { Trips = TripsAt(at) }));
    }

    private int TripsAt(DateTimeOffset at) =>
        _last.State == BreakerState.Closed && at >= _last.Since + _options.HealthyAfter ? 0 : _last.Trips;

    private TimeSpan Break(int trips, TimeSpan? retryAfter)
    {
        var length = _options.BreakDuration;
        for (var i = 1; i < trips && length < _options.MaxBreakDuration; i++) length *= _options.BreakGrowth;
        if (length > _options.MaxBreakDuration) length = _options.MaxBreakDuration;
        length *= 1 + _options.Jitter * _jitter;
        var asked = retryAfter ?? TimeSpan.Zero;
        if (asked > _options.MaxRetryAfter) asked = _options.MaxRetryAfter;
        return asked > length ? asked : length;
    }

    private static TimeSpan NotNegative(TimeSpan span) => span < TimeSpan.Zero ? TimeSpan.Zero : span;
}
