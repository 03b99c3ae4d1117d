using Microsoft.Extensions.Time.Testing;

namespace Connections.Core.Tests;

public sealed class TheBreak
{
    [Fact]
    public void It_grows_with_each_failed_probe_up_to_its_maximum()
    {
        var rig = new BreakerRig().Tripped();
        var breaks = new List<double>();
        for (var i = 0; i < 6; i++)
        {
            breaks.Add(rig.Breaker.RetryAfter.TotalSeconds);
            rig.Clock.Advance(rig.Breaker.RetryAfter);
            rig.Fail();
        }

        Assert.Equal([30, 60, 120, 240, 300, 300], breaks);
        Assert.Equal(7, rig.Breaker.Snapshot.Trips);
    }

    [Theory]
    [InlineData(0, 30)]
    [InlineData(0.5, 31.5)]
    [InlineData(1, 33)]
    public void Jitter_only_lengthens_it_and_by_a_tenth_at_most(double random, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), new BreakerRig(random: random).Tripped().Breaker.RetryAfter);

    [Fact]
    public void Each_break_draws_its_own_jitter()
    {
        var draws = new Queue<double>([0, 0.5, 1, 0]);
        var clock = new FakeTimeProvider();
        var breaker = new CircuitBreaker(new() { FailureThreshold = 1, BreakGrowth = 1 }, clock, draws.Dequeue);
        var breaks = new List<double>();
        for (var i = 0; i < 3; i++)
        {
            breaker.OnFailure(breaker.TryAcquire());
            breaks.Add(breaker.RetryAfter.TotalSeconds);
            clock.Advance(breaker.RetryAfter);
        }

        Assert.Equal([30, 31.5, 33], breaks);
    }

    [Fact]
    public void Trips_are_forgotten_after_a_healthy_time_and_not_before()
    {
        var rig = new BreakerRig().Tripped();
        rig.Wait(30);
        rig.Succeed();

        rig.Wait(29.999);
        Assert.Equal(1, rig.Breaker.Snapshot.Trips);
        rig.Fail(3);
        Assert.Equal(TimeSpan.FromSeconds(60), rig.Breaker.RetryAfter);

        rig.Wait(60);
        rig.Succeed();
        rig.Wait(30);
        Assert.Equal(0, rig.Breaker.Snapshot.Trips);
        rig.Fail(3);
        Assert.Equal(TimeSpan.FromSeconds(30), rig.Breaker.RetryAfter);
    }

    [Theory]
    [InlineData(10, 30)]
    [InlineData(120, 120)]
    [InlineData(3_600, 600)]
    [InlineData(-5, 30)]
    public void A_retry_after_lengthens_it_up_to_a_limit(double asked, double seconds)
    {
        var rig = new BreakerRig();
        rig.Fail(2);
        rig.Breaker.OnFailure(rig.Take(), "503", TimeSpan.FromSeconds(asked));

        Assert.Equal(TimeSpan.FromSeconds(seconds), rig.Breaker.RetryAfter);
        Assert.Equal(rig.Now.AddSeconds(seconds), rig.Breaker.Snapshot.OpenUntil);
    }

    [Fact]
    public void It_counts_down_and_ends_on_time()
    {
        var rig = new BreakerRig().Tripped();
        rig.Wait(29.999);
        Assert.Equal(TimeSpan.FromMilliseconds(1), rig.Breaker.RetryAfter);
        Assert.False(rig.Breaker.TryAcquire().Allowed);

        rig.Wait(0.001);
        Assert.Equal(TimeSpan.Zero, rig.Breaker.RetryAfter);
        Assert.True(rig.Breaker.TryAcquire().IsProbe);
    }

    [Fact]
    public void A_wall_clock_that_is_set_back_does_not_lengthen_it()
    {
        var clock = new AdjustableClock();
        var breaker = new CircuitBreaker(new() { FailureThreshold = 1 }, clock, () => 0);
        breaker.OnFailure(breaker.TryAcquire());
        clock.SetWallClockBack(TimeSpan.FromDays(1));
        clock.Advance(TimeSpan.FromSeconds(30));

        Assert.True(breaker.TryAcquire().IsProbe);
        Assert.Equal(clock.GetUtcNow(), breaker.Snapshot.Since);
    }

    [Fact]
    public void Any_number_of_trips_is_survived()
    {
        var stored = BreakerSnapshot.Initial(default) with { State = BreakerState.HalfOpen, Trips = int.MaxValue };
        var rig = new BreakerRig(restored: stored);
        rig.Fail();

        Assert.Equal(int.MaxValue, rig.Breaker.Snapshot.Trips);
        Assert.Equal(TimeSpan.FromMinutes(5), rig.Breaker.RetryAfter);
    }

    // FakeTimeProvider.AdjustTime moves the monotonic clock along; an adjusted wall clock does not.
    private sealed class AdjustableClock : FakeTimeProvider
    {
        private TimeSpan _back;

        public void SetWallClockBack(TimeSpan by) => _back += by;

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() - _back;

        public override long GetTimestamp() => base.GetUtcNow().Ticks;
    }
}
