using Connections.Core;

namespace Connections.WebFront.Api;

/// <summary>The answer of a route's breaker to one request: pass and report the outcome once, or wait.</summary>
internal readonly struct RoutePermit
{
    private readonly RouteBreaker _route;
    private readonly CircuitBreaker? _replica;
    private readonly BreakerPermit _permit;
    private readonly long? _probe;

    private RoutePermit(RouteBreaker route, CircuitBreaker? replica, BreakerPermit permit, long? probe, TimeSpan retryAfter)
    {
        _route = route;
        _replica = replica;
        _permit = permit;
        _probe = probe;
        RetryAfter = retryAfter;
    }

    /// <summary>Whether the request may pass.</summary>
    public bool Allowed => _replica is not null || _probe is not null;

    /// <summary>Whether it is the one request of all fronts that decides if the breaker closes.</summary>
    public bool IsProbe => _probe is not null;

    /// <summary>How long to wait when refused.</summary>
    public TimeSpan RetryAfter { get; }

    /// <summary>Allowed, or refused, by the replica here.</summary>
    public static RoutePermit Of(RouteBreaker route, CircuitBreaker replica, BreakerPermit permit) =>
        new(route, permit.Allowed ? replica : null, permit, null, permit.RetryAfter);

    /// <summary>Refused.</summary>
    public static RoutePermit Refused(RouteBreaker route, TimeSpan retryAfter) => new(route, null, default, null, retryAfter);

    /// <summary>Allowed as the probe of all fronts.</summary>
    public static RoutePermit Probe(RouteBreaker route, long id) => new(route, null, default, id, TimeSpan.Zero);

    /// <summary>The backend answered.</summary>
    public void Succeeded(TimeSpan duration)
    {
        var slow = _route.Saw(duration);
        if (_probe is { } id)
            _route.ProbeEnded(id, !slow, "slow", null);
        else
            _replica!.OnSuccess(_permit, duration);
    }

    /// <summary>The backend failed.</summary>
    public void Failed(string detail, TimeSpan? retryAfter, TimeSpan duration)
    {
        _route.SawFailure(detail, retryAfter);
        if (_probe is { } id)
            _route.ProbeEnded(id, false, detail, retryAfter);
        else
            _replica!.OnFailure(_permit, detail, retryAfter, duration);
    }

    /// <summary>The request ended without proving anything.</summary>
    public void GivenUp()
    {
        if (_probe is { } id)
            _route.ProbeEnded(id, null, null, null);
        else
            _replica!.Cancel(_permit);
    }
}
