using Microsoft.Extensions.Time.Testing;

namespace Connections.Core.Tests;

/// <summary>A breaker with a fake clock, speaking in outcomes: <c>rig.Fail(3)</c>, <c>rig.Wait(30)</c>.</summary>
internal sealed class BreakerRig
{
    private readonly List<BreakerTransition> _transitions = [];

    public BreakerRig(BreakerOptions? options = null, double random = 0, BreakerSnapshot? restored = null)
    {
        Options = options ?? new BreakerOptions();
        Breaker = new(Options, Clock, () => random, restored);
        Breaker.Transitioned += _transitions.Add;
    }

    public BreakerOptions Options { get; }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public CircuitBreaker Breaker { get; }

    public IReadOnlyList<BreakerTransition> Transitions => _transitions;

    public IEnumerable<BreakerTransitionReason> Reasons => _transitions.Select(transition => transition.Reason);

    public DateTimeOffset Now => Clock.GetUtcNow();

    public void Wait(double seconds) => Clock.Advance(TimeSpan.FromSeconds(seconds));

    public BreakerPermit Take()
    {
        var permit = Breaker.TryAcquire();
        Assert.True(permit.Allowed);
        return permit;
    }

    public void Fail(int times = 1)
    {
        for (; times > 0; times--) Breaker.OnFailure(Take());
    }

    public void Succeed(int times = 1)
    {
        for (; times > 0; times--) Breaker.OnSuccess(Take());
    }

    /// <summary>Opens the breaker by failures in a row.</summary>
    public BreakerRig Tripped()
    {
        Fail(Options.FailureThreshold);
        Assert.Equal(BreakerState.Open, Breaker.State);
        return this;
    }
}
