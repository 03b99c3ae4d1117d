using Connections.Core;
using Connections.Grains.Abstractions.Api;
using Connections.WebFront.Wire;

namespace Connections.WebFront.Api;

/// <summary>
/// This front's replica of a route's breaker. Requests are decided here without a hop; only what wants to be the probe after a break asks the
/// route's grain, because there is one probe for all fronts. With no silo to ask, it goes on by itself.
/// </summary>
internal sealed partial class RouteBreaker
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(1);
    // After a restart of everything the dead silos hold their part of the directory for 10 s.
    private static readonly TimeSpan FirstPatience = TimeSpan.FromSeconds(20);

    private readonly Func<IApiBreakerGrain> _grain;
    private readonly string _frontId;
    private readonly Action _changed;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _known = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private volatile CircuitBreaker _replica;
    private ApiBreakerView _view;
    private int _asking;
    private int _successes;
    private int _failures;
    private long _lastSuccess;
    private long _failingSince;
    private TimeSpan? _lastRetryAfter;

    /// <summary>Makes a closed one. The grain is asked for late: a client that has not connected yet knows no grains.</summary>
    public RouteBreaker(string name, BreakerOptions rules, Func<IApiBreakerGrain> grain, string frontId, Action changed, TimeProvider time, ILogger logger)
    {
        Name = name;
        Rules = rules;
        _grain = grain;
        _frontId = frontId;
        _changed = changed;
        _time = time;
        _logger = logger;
        _view = new ApiBreakerView(name, 0, 0, BreakerState.Closed, null, 0, null);
        _replica = Replicate(null);
    }

    /// <summary>The route.</summary>
    public string Name { get; }

    /// <summary>When it opens and closes.</summary>
    public BreakerOptions Rules { get; }

    /// <summary>How it stands, for browsers: a hold is not their business.</summary>
    public WireApiBreaker Wire
    {
        get
        {
            var replica = _replica;
            var wait = replica.RetryAfter;
            return replica.State switch
            {
                BreakerState.Closed or BreakerState.ForcedClosed => new WireApiBreaker(Name, "closed", null),
                BreakerState.Open when wait == TimeSpan.Zero => new WireApiBreaker(Name, "half-open", 0),
                BreakerState.HalfOpen => new WireApiBreaker(Name, "half-open", (long)wait.TotalMilliseconds),
                _ => new WireApiBreaker(Name, "open", (long)Math.Ceiling(wait.TotalMilliseconds)),
            };
        }
    }

    /// <summary>Asks to pass one request.</summary>
    public ValueTask<RoutePermit> AcquireAsync() => _known.Task.IsCompleted ? AcquireNow() : new(AcquireLaterAsync());

    private async Task<RoutePermit> AcquireLaterAsync()
    {
        try
        {
            // An open breaker must not be forgotten by a restart.
            await _known.Task.WaitAsync(FirstPatience, _time);
        }
        catch (TimeoutException)
        {
            // No silo answers: closed until one does.
            _known.TrySetResult();
        }

        return await AcquireNow();
    }

    private ValueTask<RoutePermit> AcquireNow()
    {
        var replica = _replica;
        if (replica.State is BreakerState.Closed or BreakerState.ForcedClosed)
            return ValueTask.FromResult(RoutePermit.Of(this, replica, replica.TryAcquire()));
        if (replica.RetryAfter is { Ticks: > 0 } wait)
            return ValueTask.FromResult(RoutePermit.Refused(this, wait));
        return Interlocked.Exchange(ref _asking, 1) == 0
            ? new ValueTask<RoutePermit>(AskForProbeAsync())
            : ValueTask.FromResult(RoutePermit.Refused(this, AskAgain));
    }

    /// <summary>Follows the grain, unless this is older than what is known.</summary>
    public void Follow(ApiBreakerView view)
    {
        lock (_gate)
        {
            if (view.Term == _view.Term && view.Version <= _view.Version)
                return;
            _view = view;
            _replica.Transitioned -= OnOwnTransition;
            _replica = Replicate(view);
        }

        _changed();
    }

    /// <summary>Counts an answer.</summary>
    /// <returns>Whether it was too slow, which is a failure.</returns>
    public bool Saw(TimeSpan duration)
    {
        if (Rules.SlowCallDuration > TimeSpan.Zero && duration > Rules.SlowCallDuration)
        {
            SawFailure("slow", null);
            return true;
        }

        Interlocked.Increment(ref _successes);
        Volatile.Write(ref _lastSuccess, _time.GetTimestamp());
        Volatile.Write(ref _failingSince, 0);
        return false;
    }

    /// <summary>Counts a failure.</summary>
    public void SawFailure(string detail, TimeSpan? retryAfter)
    {
        Interlocked.Increment(ref _failures);
        Interlocked.CompareExchange(ref _failingSince, _time.GetTimestamp(), 0);
        _lastRetryAfter = retryAfter;
    }

    /// <summary>Tells the grain what came of the probe.</summary>
    public void ProbeEnded(long id, bool? succeeded, string? detail, TimeSpan? retryAfter) =>
        _ = TellAsync(g => g.ReportProbe(new ApiProbeOutcome(_frontId, id, succeeded, detail, Milliseconds(retryAfter))));

    /// <summary>Tells the grain what was seen since the last time, and follows its answer.</summary>
    public Task ReportAsync(IApiBreakerWatcher watcher)
    {
        var (successes, failures) = (Interlocked.Exchange(ref _successes, 0), Interlocked.Exchange(ref _failures, 0));
        var ago = successes > 0 ? (long?)_time.GetElapsedTime(Volatile.Read(ref _lastSuccess)).TotalMilliseconds : null;
        return TellAsync(g => g.Report(new ApiBreakerReport(_frontId, watcher, Rules, successes, failures, ago)));
    }

    private async Task<RoutePermit> AskForProbeAsync()
    {
        try
        {
            var reply = await _grain().AcquireProbe();
            if (reply.ProbeId is { } probe)
                return RoutePermit.Probe(this, probe);
            Follow(reply.View);

            // Closed meanwhile, or open on this front only.
            var replica = _replica;
            if (reply.View.State is BreakerState.Closed or BreakerState.ForcedClosed)
                return RoutePermit.Of(this, replica, replica.TryAcquire());
            return RoutePermit.Refused(this, TimeSpan.FromMilliseconds(Math.Max(1, reply.RetryAfterMs)));
        }
        catch (Exception e) when (e is TimeoutException or OrleansException)
        {
            Log.Alone(_logger, Name, e.Message);
            var replica = _replica;
            return RoutePermit.Of(this, replica, replica.TryAcquire());
        }
        finally
        {
            Volatile.Write(ref _asking, 0);
        }
    }

    private CircuitBreaker Replicate(ApiBreakerView? view)
    {
        var now = _time.GetUtcNow();
        var snapshot = view is null
            ? null
            : new BreakerSnapshot(view.State, now, view.OpenForMs is { } ms ? now + TimeSpan.FromMilliseconds(ms) : null, 0, view.Trips, null, view.Detail);

        // The ratio is that of all fronts: the grain counts it.
        var replica = new CircuitBreaker(Rules with { FailureRatio = 0 }, _time, restored: snapshot);
        replica.Transitioned += OnOwnTransition;
        return replica;
    }

    // Runs inside the replica's lock.
    private void OnOwnTransition(BreakerTransition transition)
    {
        if (transition.To is BreakerState.Open)
        {
            var since = Volatile.Read(ref _failingSince);
            var failingFor = since == 0 ? TimeSpan.Zero : _time.GetElapsedTime(since);
            var trip = new ApiBreakerTrip(
                _frontId, _view.Term, _view.Version, (long)failingFor.TotalMilliseconds, transition.Snapshot.Detail, Milliseconds(_lastRetryAfter));
            _ = TellAsync(g => g.Trip(trip));
        }

        _changed();
    }

    private async Task TellAsync(Func<IApiBreakerGrain, Task<ApiBreakerView>> tell)
    {
        // Not inside the caller's lock, and not in the request's time.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            Follow(await tell(_grain()));
            _known.TrySetResult();
        }
        catch (Exception e) when (e is TimeoutException or OrleansException)
        {
            Log.Alone(_logger, Name, e.Message);
        }
    }

    private static long? Milliseconds(TimeSpan? time) => time is { } t ? (long)t.TotalMilliseconds : null;

    private static partial class Log
    {
        [LoggerMessage(620, LogLevel.Debug, "The breaker of route {Route} cannot be reached, this front goes on alone: {Error}")]
        public static partial void Alone(ILogger logger, string route, string error);
    }
}
