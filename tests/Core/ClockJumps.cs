using System.Text;

namespace Connections.Core.Tests;

/// <summary>The clock on the wall is set, by an hour or a day: lengths of time stay what they are, and what is told stays true.</summary>
public sealed class ClockJumps
{
    public static TheoryData<double> Hours => [-24, -1, 1, 24];

    [Theory]
    [MemberData(nameof(Hours))]
    public void A_break_lasts_as_long_as_it_was_to(double hours)
    {
        var rig = new BreakerRig().Tripped();
        var left = rig.Breaker.RetryAfter;

        rig.Clock.AdjustTime(rig.Now.AddHours(hours));
        Assert.Equal(left, rig.Breaker.RetryAfter);
        rig.Wait(left.TotalSeconds);
        Assert.True(rig.Take().IsProbe);
    }

    [Theory]
    [MemberData(nameof(Hours))]
    public void A_breaker_that_is_restored_after_it_waits_no_longer_than_its_longest_break(double hours)
    {
        var stored = new BreakerRig().Tripped().Breaker.Snapshot;
        var later = new BreakerRig();
        later.Clock.AdjustTime(later.Now.AddHours(hours));

        var restored = new CircuitBreaker(later.Options, later.Clock, () => 0, stored);
        Assert.InRange(restored.RetryAfter, TimeSpan.Zero, later.Options.MaxRetryAfter > later.Options.MaxBreakDuration ? later.Options.MaxRetryAfter : later.Options.MaxBreakDuration);
    }

    [Theory]
    [MemberData(nameof(Hours))]
    public void A_message_waits_for_the_upstream_as_long_as_it_may(double hours)
    {
        var rig = new OutboxRig();
        rig.Send(1);

        rig.Clock.AdjustTime(rig.Clock.GetUtcNow().AddHours(hours));
        rig.Wait(rig.Options.TimeToLive.TotalSeconds - 1);
        rig.Outbox.Expire();
        Assert.Empty(rig.Settled);
        rig.Wait(1);
        rig.Outbox.Expire();
        Assert.Equal([OutboxRig.Receipt("a", 1, OutboxStatus.Expired)], rig.Settled);
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
        Assert.Equal(11, log.Append(FrameKind.Text, Encoding.UTF8.GetBytes("x"), at: 500).Offset);
        log.Trim(now: 600);
        Assert.Equal(1, log.Count);
    }
}
