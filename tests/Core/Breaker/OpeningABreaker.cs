namespace Connections.Core.Tests;

public sealed class OpeningABreaker
{
    private static readonly BreakerOptions ByRatio = new()
    {
        FailureThreshold = 0,
        FailureRatio = 0.5,
        MinimumThroughput = 20,
        Window = TimeSpan.FromSeconds(10),
    };

    [Fact]
    public void A_new_breaker_is_closed_and_lets_calls_pass()
    {
        var rig = new BreakerRig();

        Assert.Equal(new BreakerPermit(true, false, 1, TimeSpan.Zero), rig.Breaker.TryAcquire());
        Assert.Equal(BreakerSnapshot.Initial(rig.Now), rig.Breaker.Snapshot);
        Assert.Equal(TimeSpan.Zero, rig.Breaker.RetryAfter);
    }

    [Fact]
    public void It_opens_at_the_third_failure_in_a_row_and_says_why()
    {
        var rig = new BreakerRig();
        rig.Fail(2);
        Assert.Equal(BreakerState.Closed, rig.Breaker.State);

        rig.Breaker.OnFailure(rig.Take(), "connection refused");

        var expected = new BreakerSnapshot(
            BreakerState.Open, rig.Now, rig.Now.AddSeconds(30), 3, 1, BreakerTransitionReason.ConsecutiveFailures, "connection refused");
        Assert.Equal(expected, rig.Breaker.Snapshot);
        Assert.Equal(
            [new(BreakerState.Closed, BreakerState.Open, BreakerTransitionReason.ConsecutiveFailures, rig.Now, expected)],
            rig.Transitions);
        Assert.Equal(new BreakerPermit(false, false, 0, TimeSpan.FromSeconds(30)), rig.Breaker.TryAcquire());
    }

    [Fact]
    public void A_success_between_failures_starts_the_row_again()
    {
        var rig = new BreakerRig();
        rig.Fail(2);
        rig.Succeed();
        rig.Fail(2);

        Assert.Equal(BreakerState.Closed, rig.Breaker.State);
        Assert.Equal(2, rig.Breaker.Snapshot.ConsecutiveFailures);
    }

    [Fact]
    public void A_cancelled_call_is_neither_failure_nor_success()
    {
        var rig = new BreakerRig();
        rig.Fail(2);
        rig.Breaker.Cancel(rig.Take());
        Assert.Equal(2, rig.Breaker.Snapshot.ConsecutiveFailures);

        rig.Fail();
        Assert.Equal(BreakerState.Open, rig.Breaker.State);
    }

    [Fact]
    public void With_the_row_rule_off_no_number_of_failures_opens_it()
    {
        var rig = new BreakerRig(new() { FailureThreshold = 0 });
        rig.Fail(1_000);

        Assert.Empty(rig.Transitions);
    }

    [Fact]
    public void A_success_slower_than_the_limit_is_a_failure_and_one_at_the_limit_is_not()
    {
        var rig = new BreakerRig(new() { SlowCallDuration = TimeSpan.FromSeconds(2) });
        for (var i = 0; i < 5; i++) rig.Breaker.OnSuccess(rig.Take(), TimeSpan.FromSeconds(2));
        Assert.Equal(0, rig.Breaker.Snapshot.ConsecutiveFailures);

        for (var i = 0; i < 3; i++) rig.Breaker.OnSuccess(rig.Take(), TimeSpan.FromMilliseconds(2_001));
        Assert.Equal(BreakerState.Open, rig.Breaker.State);
        Assert.Equal("slow: took 2001 ms", rig.Breaker.Snapshot.Detail);
    }

    [Fact]
    public void A_ratio_waits_for_its_minimum_throughput()
    {
        var rig = new BreakerRig(ByRatio);
        rig.Fail(19);
        Assert.Equal(BreakerState.Closed, rig.Breaker.State);

        rig.Fail();
        Assert.Equal([BreakerTransitionReason.FailureRatio], rig.Reasons);
    }

    [Theory]
    [InlineData(11, 9, BreakerState.Closed)]
    [InlineData(10, 10, BreakerState.Open)]
    public void A_ratio_opens_when_it_is_reached(int successes, int failures, BreakerState expected)
    {
        var rig = new BreakerRig(ByRatio);
        rig.Succeed(successes);
        rig.Fail(failures);

        Assert.Equal(expected, rig.Breaker.State);
    }

    [Fact]
    public void A_success_that_fills_the_window_does_not_open_it()
    {
        var rig = new BreakerRig(ByRatio);
        rig.Fail(19);
        rig.Succeed();

        Assert.Equal(BreakerState.Closed, rig.Breaker.State);
    }

    [Fact]
    public void Outcomes_leave_the_window_slice_by_slice()
    {
        var rig = new BreakerRig(ByRatio);
        rig.Fail(10);
        rig.Wait(5);
        rig.Fail(9);
        rig.Wait(4.999);
        Assert.Equal(BreakerState.Closed, rig.Breaker.State);

        rig.Wait(0.001);
        rig.Fail(10);
        Assert.Equal(BreakerState.Closed, rig.Breaker.State);

        rig.Fail();
        Assert.Equal(BreakerState.Open, rig.Breaker.State);
    }

    [Fact]
    public void A_long_silence_empties_the_window()
    {
        var rig = new BreakerRig(ByRatio);
        rig.Fail(19);
        rig.Wait(86_400);
        rig.Fail(19);
        Assert.Equal(BreakerState.Closed, rig.Breaker.State);

        rig.Fail();
        Assert.Equal(BreakerState.Open, rig.Breaker.State);
    }
}
