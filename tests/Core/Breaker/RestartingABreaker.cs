namespace Connections.Core.Tests;

public sealed class RestartingABreaker
{
    private static readonly DateTimeOffset Start = new BreakerRig().Now;

    private static BreakerRig Restored(BreakerState state, DateTimeOffset since, DateTimeOffset? openUntil = null, int trips = 1) =>
        new(restored: new(state, since, openUntil, 3, trips, BreakerTransitionReason.ConsecutiveFailures, "refused"));

    [Fact]
    public void An_open_breaker_keeps_its_remaining_time()
    {
        var rig = Restored(BreakerState.Open, Start.AddSeconds(-10), Start.AddSeconds(20));

        Assert.Equal(TimeSpan.FromSeconds(20), rig.Breaker.TryAcquire().RetryAfter);
        var snapshot = rig.Breaker.Snapshot;
        Assert.Equal((Start.AddSeconds(-10), Start.AddSeconds(20)), (snapshot.Since, snapshot.OpenUntil!.Value));
        Assert.Equal((BreakerTransitionReason.ConsecutiveFailures, "refused"), (snapshot.Reason, snapshot.Detail));
        Assert.Equal((3, 1), (snapshot.ConsecutiveFailures, snapshot.Trips));
        rig.Wait(20);
        Assert.True(rig.Take().IsProbe);
        Assert.False(rig.Breaker.TryAcquire().Allowed);
    }

    [Fact]
    public void A_break_that_ended_meanwhile_gives_one_probe()
    {
        var rig = Restored(BreakerState.Open, Start.AddMinutes(-10), Start.AddMinutes(-9));

        Assert.True(rig.Take().IsProbe);
        Assert.False(rig.Breaker.TryAcquire().Allowed);
    }

    [Fact]
    public void A_half_open_breaker_starts_as_open_and_gives_one_probe()
    {
        var rig = Restored(BreakerState.HalfOpen, Start.AddSeconds(-1), trips: 2);
        Assert.Equal(BreakerState.Open, rig.Breaker.State);

        Assert.True(rig.Take().IsProbe);
        Assert.False(rig.Breaker.TryAcquire().Allowed);
        Assert.Equal([BreakerTransitionReason.BreakElapsed], rig.Reasons);
    }

    [Fact]
    public void Trips_go_on_counting()
    {
        var rig = Restored(BreakerState.HalfOpen, Start, trips: 2);
        rig.Fail();

        Assert.Equal(3, rig.Breaker.Snapshot.Trips);
        Assert.Equal(TimeSpan.FromSeconds(120), rig.Breaker.RetryAfter);
    }

    [Theory]
    [InlineData(-31, 0)]
    [InlineData(-29, 2)]
    [InlineData(3_600, 2)]
    public void The_healthy_time_goes_on_counting(double since, int trips) =>
        Assert.Equal(trips, Restored(BreakerState.Closed, Start.AddSeconds(since), trips: 2).Breaker.Snapshot.Trips);

    [Fact]
    public void A_healthy_time_that_begins_in_the_future_begins_now()
    {
        var rig = Restored(BreakerState.Closed, Start.AddHours(1), trips: 2);
        rig.Wait(30);

        Assert.Equal(0, rig.Breaker.Snapshot.Trips);
    }

    [Theory]
    [InlineData(BreakerState.ForcedOpen, false)]
    [InlineData(BreakerState.ForcedClosed, true)]
    public void Holds_stay(BreakerState hold, bool allowed)
    {
        var rig = Restored(hold, Start.AddDays(-1));

        Assert.Equal(hold, rig.Breaker.State);
        Assert.Equal(allowed, rig.Breaker.TryAcquire().Allowed);
    }

    [Fact]
    public void Another_machines_clock_cannot_hold_it_open_longer_than_the_options_allow()
    {
        var rig = Restored(BreakerState.Open, Start.AddDays(7), Start.AddDays(7).AddSeconds(30));

        Assert.Equal(TimeSpan.FromMinutes(10), rig.Breaker.RetryAfter);
        Assert.Equal(Start.AddMinutes(10), rig.Breaker.Snapshot.OpenUntil);
    }

    [Fact]
    public void A_state_that_is_none_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Restored((BreakerState)17, Start));
}
