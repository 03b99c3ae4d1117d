namespace Connections.Core.Tests;

public sealed class Probing
{
    private static BreakerRig HalfOpen(BreakerOptions? options = null, double random = 0)
    {
        var rig = new BreakerRig(options, random).Tripped();
        rig.Wait(40);
        return rig;
    }

    [Fact]
    public void One_probe_passes_and_the_others_wait_for_its_answer()
    {
        var rig = HalfOpen();
        Assert.True(rig.Take().IsProbe);
        rig.Wait(10);

        Assert.Equal(new BreakerPermit(false, false, 0, TimeSpan.FromSeconds(20)), rig.Breaker.TryAcquire());
        Assert.Equal(TimeSpan.FromSeconds(20), rig.Breaker.RetryAfter);
    }

    [Fact]
    public void Only_an_asker_moves_it_to_half_open()
    {
        var rig = HalfOpen();
        Assert.Equal(BreakerState.Open, rig.Breaker.State);
        Assert.Equal(TimeSpan.Zero, rig.Breaker.RetryAfter);
        Assert.Single(rig.Transitions);

        rig.Take();
        Assert.Equal(BreakerTransitionReason.BreakElapsed, rig.Reasons.Last());
        Assert.Equal(BreakerState.HalfOpen, rig.Breaker.State);
    }

    [Fact]
    public void A_probe_that_succeeds_closes_it()
    {
        var rig = HalfOpen();
        rig.Succeed();

        Assert.Equal(
            [BreakerTransitionReason.ConsecutiveFailures, BreakerTransitionReason.BreakElapsed, BreakerTransitionReason.ProbeSucceeded],
            rig.Reasons);
        Assert.Equal(
            new BreakerSnapshot(BreakerState.Closed, rig.Now, null, 0, 1, BreakerTransitionReason.ProbeSucceeded, null),
            rig.Breaker.Snapshot);
    }

    [Fact]
    public void A_probe_that_fails_opens_it_for_longer()
    {
        var rig = HalfOpen();
        rig.Breaker.OnFailure(rig.Take(), "still down");

        var expected = new BreakerSnapshot(
            BreakerState.Open, rig.Now, rig.Now.AddSeconds(60), 4, 2, BreakerTransitionReason.ProbeFailed, "still down");
        Assert.Equal(expected, rig.Breaker.Snapshot);
    }

    [Fact]
    public void A_slow_probe_has_failed()
    {
        var rig = HalfOpen(new() { SlowCallDuration = TimeSpan.FromSeconds(1) });
        rig.Breaker.OnSuccess(rig.Take(), TimeSpan.FromSeconds(1.5));

        Assert.Equal(BreakerTransitionReason.ProbeFailed, rig.Reasons.Last());
    }

    [Fact]
    public void A_cancelled_probe_leaves_its_place_to_the_next()
    {
        var rig = HalfOpen();
        var cancelled = rig.Take();
        rig.Breaker.Cancel(cancelled);

        var next = rig.Take();
        Assert.True(next.IsProbe);
        rig.Breaker.OnFailure(cancelled);
        Assert.Equal(BreakerState.HalfOpen, rig.Breaker.State);
        rig.Breaker.OnSuccess(next);
        Assert.Equal(BreakerState.Closed, rig.Breaker.State);
    }

    [Fact]
    public void An_overdue_probe_has_failed_from_its_deadline_on()
    {
        var rig = HalfOpen();
        rig.Take();
        var deadline = rig.Now.AddSeconds(30);
        rig.Wait(45);

        Assert.Equal(TimeSpan.FromSeconds(45), rig.Breaker.RetryAfter);
        Assert.Equal(BreakerState.HalfOpen, rig.Breaker.State);
        Assert.Equal(TimeSpan.FromSeconds(45), rig.Breaker.TryAcquire().RetryAfter);

        var last = rig.Transitions[^1];
        Assert.Equal((BreakerTransitionReason.ProbeTimedOut, deadline), (last.Reason, last.At));
        Assert.Equal((deadline, deadline.AddSeconds(60)), (last.Snapshot.Since, last.Snapshot.OpenUntil!.Value));
    }

    [Fact]
    public void A_probe_that_nobody_asked_after_does_not_refuse_the_first_call_much_later()
    {
        var rig = HalfOpen(random: 1);
        rig.Take();
        rig.Wait(30 + 66);
        Assert.Equal(TimeSpan.Zero, rig.Breaker.RetryAfter);

        Assert.True(rig.Take().IsProbe);
        Assert.Equal([BreakerTransitionReason.ProbeTimedOut, BreakerTransitionReason.BreakElapsed], rig.Reasons.TakeLast(2));
    }

    [Fact]
    public void An_answer_at_the_deadline_is_too_late()
    {
        var rig = HalfOpen();
        var probe = rig.Take();
        rig.Wait(30);
        rig.Breaker.OnSuccess(probe);

        Assert.Equal(BreakerState.Open, rig.Breaker.State);
        Assert.Equal(BreakerTransitionReason.ProbeTimedOut, rig.Reasons.Last());
    }

    [Fact]
    public void With_several_permits_the_first_answer_decides_and_the_rest_come_too_late()
    {
        var rig = HalfOpen(new() { HalfOpenPermits = 3 });
        var probes = new[] { rig.Take(), rig.Take(), rig.Take() };
        Assert.False(rig.Breaker.TryAcquire().Allowed);

        rig.Breaker.OnSuccess(probes[1]);
        Assert.Equal(BreakerState.Closed, rig.Breaker.State);
        rig.Breaker.OnFailure(probes[0]);
        rig.Breaker.OnFailure(probes[2]);
        Assert.Equal(0, rig.Breaker.Snapshot.ConsecutiveFailures);
    }

    [Fact]
    public void The_same_probe_counts_once()
    {
        var rig = HalfOpen();
        var probe = rig.Take();
        rig.Breaker.OnFailure(probe);
        rig.Breaker.OnFailure(probe);
        rig.Breaker.OnSuccess(probe);

        Assert.Equal(2, rig.Breaker.Snapshot.Trips);
        Assert.Equal(BreakerState.Open, rig.Breaker.State);
    }
}
