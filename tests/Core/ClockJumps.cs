using System.Text;
using Microsoft.Extensions.Time.Testing;

namespace Connections.Core.Tests;

/// <summary>The clock on the wall is set, by an hour or a day: lengths of time stay what they are, and what is told stays true.</summary>
public sealed class ClockJumps
{
    private readonly SetClock _clock = new();

    public static TheoryData<double> Hours => [-24, -1, 1, 24];

    [Theory]
    [MemberData(nameof(Hours))]
    public void A_breaker_that_is_restored_after_it_waits_no_longer_than_its_longest_break(double hours)
    {
        var options = new BreakerOptions();
        var breaker = new CircuitBreaker(options, _clock, () => 0);
        for (var i = 0; i < options.FailureThreshold; i++)
            breaker.OnFailure(breaker.TryAcquire());
        Assert.Equal(BreakerState.Open, breaker.State);

        _clock.SetBy = TimeSpan.FromHours(hours);
        var restored = new CircuitBreaker(options, _clock, () => 0, breaker.Snapshot);
        Assert.InRange(restored.RetryAfter, TimeSpan.Zero, options.MaxRetryAfter > options.MaxBreakDuration ? options.MaxRetryAfter : options.MaxBreakDuration);
    }

    [Fact]
    public void Frames_that_a_jump_makes_old_are_refused_and_not_left_out()
    {
        var log = new ReplayLog(new ReplayWindow(), epoch: 1);
        for (var i = 0; i < 10; i++)
            log.Append(FrameKind.Text, Encoding.UTF8.GetBytes("x"), at: 1_000);

        log.Trim(now: 1_000 + (long)TimeSpan.FromHours(1).TotalMilliseconds);
        Assert.Equal(Refusal.Evicted, log.Check(new FramePosition(1, 5)));
        Assert.Equal(Refusal.None, log.Check(log.TopPosition));

        // Set back again it goes on with the next offset, as if nothing had been.
        Assert.Equal(11, log.Append(FrameKind.Text, Encoding.UTF8.GetBytes("x"), at: 500));
        log.Trim(now: 600);
        Assert.Equal(1, log.Count);
    }

    // FakeTimeProvider.AdjustTime moves the monotonic clock along; who sets the clock on the wall does not.
    private sealed class SetClock : FakeTimeProvider
    {
        public TimeSpan SetBy { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + SetBy;
    }
}
