namespace Connections.Core;

/// <summary>
/// One breaker for several observers of one backend, each of which decides on a replica: counts what they report together, takes their
/// trips, and hands out the probes. A route's grain holds it.
/// </summary>
/// <remarks>
/// <para>A shared breaker must not let one observer that lost its own way to the backend lock out all others. So a trip is shared only if
/// nobody else has succeeded since the observer's failures began; else it stays its own affair.</para>
/// <para>Failures in a row mean something to one observer only: here, where the order is lost, the ratio alone counts.</para>
/// <para>Not safe for use by many threads.</para>
/// </remarks>
public sealed class SharedBreaker
{
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly Dictionary<string, TimeSpan> _lastSuccess = new(StringComparer.Ordinal);
    private BreakerOptions _rules;

    /// <summary>Makes a breaker, new or as it was stored.</summary>
    /// <param name="rules">When it opens and closes; <see cref="BreakerOptions.FailureThreshold"/> is for the observers alone.</param>
    /// <param name="time">The clock.</param>
    /// <param name="restored">What was stored at the last transition, or null.</param>
    public SharedBreaker(BreakerOptions rules, TimeProvider time, BreakerSnapshot? restored = null)
    {
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(time);
        _rules = rules;
        _time = time;
        _start = time.GetTimestamp();
        Breaker = Make(restored);
    }

    /// <summary>Every transition, in order.</summary>
    public event Action<BreakerTransition>? Transitioned;

    /// <summary>The breaker, for those who watch it or hold it by hand.</summary>
    public CircuitBreaker Breaker { get; private set; }

    /// <summary>Takes other rules; the state stays.</summary>
    /// <param name="rules">The rules.</param>
    public void Use(BreakerOptions rules)
    {
        if (rules == _rules) return;
        _rules = rules;
        Breaker.Transitioned -= OnTransitioned;
        Breaker = Make(Breaker.Snapshot);
    }

    /// <summary>Counts what an observer saw since its last report.</summary>
    /// <param name="observer">Who.</param>
    /// <param name="successes">Calls that succeeded.</param>
    /// <param name="failures">Calls that failed.</param>
    /// <param name="lastSuccessAgo">How long ago the last success was, if there was one.</param>
    public void Report(string observer, int successes, int failures, TimeSpan? lastSuccessAgo)
    {
        if (lastSuccessAgo is { } ago) _lastSuccess[observer] = Now() - ago;

        // Outcomes of other times than now prove nothing about a probe, and an open breaker takes none.
        for (var i = 0; i < successes && Breaker.State == BreakerState.Closed; i++) Breaker.OnSuccess(Breaker.TryAcquire());
        for (var i = 0; i < failures && Breaker.State == BreakerState.Closed; i++) Breaker.OnFailure(Breaker.TryAcquire(), "failures of all fronts");
    }

    /// <summary>An observer's replica opened.</summary>
    /// <param name="observer">Who.</param>
    /// <param name="failingFor">How long every call of that observer has failed.</param>
    /// <param name="detail">What it saw.</param>
    /// <param name="retryAfter">What the backend asked for.</param>
    /// <returns>Whether it opened for all.</returns>
    public bool Trip(string observer, TimeSpan failingFor, string? detail, TimeSpan? retryAfter)
    {
        var began = Now() - failingFor;
        var contradicted = _lastSuccess.Any(other => other.Key != observer && other.Value > began);
        return !contradicted && Breaker.Trip(detail, retryAfter);
    }

    /// <summary>Says what came of a probe that <see cref="CircuitBreaker.TryAcquire"/> of <see cref="Breaker"/> allowed.</summary>
    /// <param name="observer">Who made it.</param>
    /// <param name="id">The permit's id.</param>
    /// <param name="succeeded">Whether it succeeded; null when it was given up.</param>
    /// <param name="detail">What the failure was.</param>
    /// <param name="retryAfter">What the backend asked for.</param>
    public void ProbeEnded(string observer, long id, bool? succeeded, string? detail, TimeSpan? retryAfter)
    {
        var permit = new BreakerPermit(true, true, id, TimeSpan.Zero);
        if (succeeded is null)
        {
            Breaker.Cancel(permit);
        }
        else if (succeeded.Value)
        {
            _lastSuccess[observer] = Now();
            Breaker.OnSuccess(permit);
        }
        else
        {
            Breaker.OnFailure(permit, detail, retryAfter);
        }
    }

    /// <summary>Forgets an observer that has gone.</summary>
    /// <param name="observer">Who.</param>
    public void Forget(string observer) => _lastSuccess.Remove(observer);

    private CircuitBreaker Make(BreakerSnapshot? restored)
    {
        var breaker = new CircuitBreaker(_rules with { FailureThreshold = 0, SlowCallDuration = TimeSpan.Zero }, _time, restored: restored);
        breaker.Transitioned += OnTransitioned;
        return breaker;
    }

    private void OnTransitioned(BreakerTransition transition) => Transitioned?.Invoke(transition);

    private TimeSpan Now() => _time.GetElapsedTime(_start);
}
