namespace Connections.Core.Tests;

public sealed class OperatorHolds
{
    [Fact]
    public void Forced_open_refuses_everything_until_a_reset()
    {
        var rig = new BreakerRig();
        rig.Breaker.ForceOpen("maintenance");
        rig.Wait(86_400);

        Assert.Equal(new BreakerPermit(false, false, 0, TimeSpan.FromSeconds(30)), rig.Breaker.TryAcquire());
        Assert.Equal("maintenance", rig.Breaker.Snapshot.Detail);
        Assert.Null(rig.Breaker.Snapshot.OpenUntil);

        rig.Breaker.Reset("done");
        Assert.True(rig.Breaker.TryAcquire().Allowed);
        Assert.Equal([BreakerTransitionReason.OperatorForcedOpen, BreakerTransitionReason.OperatorReset], rig.Reasons);
    }

    [Fact]
    public void Forced_closed_lets_everything_pass_and_counts_nothing()
    {
        var rig = new BreakerRig().Tripped();
        rig.Breaker.ForceClosed();
        rig.Fail(100);

        Assert.Equal(BreakerState.ForcedClosed, rig.Breaker.State);
        Assert.Equal(0, rig.Breaker.Snapshot.ConsecutiveFailures);
        Assert.Equal(TimeSpan.Zero, rig.Breaker.RetryAfter);
        Assert.False(rig.Take().IsProbe);
    }

    [Fact]
    public void A_reset_forgets_trips_and_failures()
    {
        var rig = new BreakerRig().Tripped();
        rig.Breaker.Reset("operator");

        Assert.Equal(
            new BreakerSnapshot(BreakerState.Closed, rig.Now, null, 0, 0, BreakerTransitionReason.OperatorReset, "operator"),
            rig.Breaker.Snapshot);
        rig.Tripped();
        Assert.Equal(TimeSpan.FromSeconds(30), rig.Breaker.RetryAfter);
    }

    [Fact]
    public void A_repeated_command_is_a_transition_with_its_own_detail()
    {
        var rig = new BreakerRig();
        rig.Breaker.ForceOpen("first");
        rig.Breaker.ForceOpen("second");

        Assert.Equal(["first", "second"], rig.Transitions.Select(transition => transition.Snapshot.Detail));
        Assert.Equal((BreakerState.ForcedOpen, BreakerState.ForcedOpen), (rig.Transitions[1].From, rig.Transitions[1].To));
    }

    [Fact]
    public void A_probe_under_way_does_not_lift_a_hold()
    {
        var rig = new BreakerRig().Tripped();
        rig.Wait(30);
        var probe = rig.Take();
        rig.Breaker.ForceOpen();
        rig.Breaker.OnSuccess(probe);
        rig.Wait(60);
        rig.Breaker.Cancel(probe);

        Assert.Equal(BreakerState.ForcedOpen, rig.Breaker.State);
    }
}
