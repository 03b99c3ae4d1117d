namespace Connections.Core.Tests;

public sealed class LateOutcomes
{
    [Fact]
    public void A_late_success_while_open_closes_nothing()
    {
        var rig = new BreakerRig();
        var early = rig.Take();
        rig.Tripped();
        var open = rig.Breaker.Snapshot;
        rig.Breaker.OnSuccess(early);

        Assert.Equal(open, rig.Breaker.Snapshot);
    }

    [Fact]
    public void A_late_failure_from_before_the_trip_does_not_count_again()
    {
        var rig = new BreakerRig();
        var early = Enumerable.Range(0, 5).Select(_ => rig.Take()).ToArray();
        rig.Tripped();
        rig.Breaker.OnFailure(early[0], "late", TimeSpan.FromMinutes(10));
        rig.Wait(30);
        rig.Breaker.OnFailure(early[1]);
        var probe = rig.Take();
        rig.Breaker.OnFailure(early[2]);
        Assert.Equal(BreakerState.HalfOpen, rig.Breaker.State);

        rig.Breaker.OnSuccess(probe);
        rig.Breaker.OnFailure(early[3]);
        rig.Breaker.OnFailure(early[4]);
        Assert.Equal((0, 1), (rig.Breaker.Snapshot.ConsecutiveFailures, rig.Breaker.Snapshot.Trips));
    }

    [Fact]
    public void A_late_success_of_an_ordinary_call_does_not_pass_for_the_probe()
    {
        var rig = new BreakerRig();
        var early = rig.Take();
        rig.Tripped();
        rig.Wait(30);
        rig.Take();
        rig.Breaker.OnSuccess(early);

        Assert.Equal(BreakerState.HalfOpen, rig.Breaker.State);
    }

    [Fact]
    public void An_outcome_from_before_a_command_does_not_count_after_it()
    {
        var rig = new BreakerRig();
        rig.Fail(2);
        var early = rig.Take();
        rig.Breaker.Reset();
        rig.Breaker.OnFailure(early);

        Assert.Equal(0, rig.Breaker.Snapshot.ConsecutiveFailures);
    }

    [Fact]
    public void The_outcome_of_a_refused_call_is_ignored()
    {
        var rig = new BreakerRig();
        for (var i = 0; i < 5; i++) rig.Breaker.OnFailure(default);

        Assert.Equal(0, rig.Breaker.Snapshot.ConsecutiveFailures);
    }
}
