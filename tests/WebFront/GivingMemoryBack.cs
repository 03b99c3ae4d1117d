using Connections.Hosting.Memory;

namespace Connections.WebFront.Tests;

/// <summary>A process that a storm of connections has left large gives back what nobody needs, once it is quiet.</summary>
public sealed class GivingMemoryBack
{
    private const long Start = 50L << 20;
    private const long Storm = 100L << 20;
    private const int LooksPerMinute = 12;

    // What a storm leaves in pools and timers is garbage only after some seconds.
    private const int LooksTillQuiet = 4;

    private static readonly TimeSpan Busy = TrimRule.Every;

    private readonly TrimRule _rule = new();
    private TimeSpan _worked;
    private long _frames;

    [Fact]
    public void After_a_storm_it_does_so_when_it_has_been_quiet_for_20_s()
    {
        Assert.False(Look(Start));
        Assert.False(Look(Start + Storm, Busy));
        for (var i = 1; i < LooksTillQuiet; i++)
            Assert.False(Look(Start + Storm, TrimRule.QuietWork));
        Assert.True(Look(Start + Storm, TrimRule.QuietWork));
    }

    [Fact]
    public void One_that_was_quiet_for_a_moment_only_is_not_stopped()
    {
        Look(Start);
        for (var i = 0; i < 10 * LooksPerMinute; i++)
            Assert.False(Look(Start + Storm, i % LooksTillQuiet == 0 ? Busy : default));
    }

    [Fact]
    public void One_that_is_busy_is_not_stopped()
    {
        Look(Start);
        for (var i = 0; i < 10 * LooksPerMinute; i++)
            Assert.False(Look(Start + Storm, TrimRule.QuietWork + TimeSpan.FromTicks(1)));
    }

    [Fact]
    public void One_that_brings_frames_is_not_stopped_however_little_work_they_are()
    {
        Look(Start);
        Look(Start + Storm, Busy);
        for (var i = 0; i < 10 * LooksPerMinute; i++)
            Assert.False(Look(Start + Storm, frames: TrimRule.QuietFrames + 1));
        for (var i = 1; i < LooksTillQuiet; i++)
            Assert.False(Look(Start + Storm, frames: TrimRule.QuietFrames));
        Assert.True(Look(Start + Storm, frames: TrimRule.QuietFrames));
    }

    [Fact]
    public void What_has_grown_little_is_left_alone()
    {
        Look(Start);
        Look(Start);
        Look(Start, Busy);
        for (var i = 0; i < 2 * LooksTillQuiet; i++)
            Assert.False(Look(Start + TrimRule.SmallestGrowth - 1));
        Assert.True(Look(Start + TrimRule.SmallestGrowth));

        // An eighth of what is there, for a process that is large anyway.
        const long large = 1L << 30;
        Trimmed(large);
        Look(large + Storm, Busy);
        for (var i = 0; i < 2 * LooksPerMinute; i++)
            Assert.False(Look(large + Storm));
        Assert.True(Look(large + (large / 8)));
    }

    [Fact]
    public void One_that_only_idles_is_not_stopped()
    {
        Look(Start);
        Look(Start, Busy);
        Assert.True(IsDueOnceQuiet());
        Trimmed(Start);
        for (var i = 1; i < 10 * LooksPerMinute; i++)
            Assert.False(Look(Start + (i * (1L << 20))));
    }

    [Fact]
    public void It_does_so_once_a_minute_at_most()
    {
        Look(Start, Busy);
        Assert.True(IsDueOnceQuiet());
        Trimmed(Start);
        Assert.False(Look(Start + Storm, Busy));
        for (var i = 1; i < LooksPerMinute; i++)
            Assert.False(Look(Start + Storm));
        Assert.True(Look(Start + Storm));
    }

    [Fact]
    public void What_is_needed_is_not_asked_for_again()
    {
        Look(Start, Busy);
        Assert.True(IsDueOnceQuiet());
        Trimmed(Start + Storm);
        for (var i = 0; i < 2 * LooksPerMinute; i++)
            Assert.False(Look(Start + Storm));
    }

    [Fact]
    public void What_that_took_is_not_being_busy()
    {
        Look(Start, Busy);
        Assert.True(IsDueOnceQuiet());
        _rule.Trimmed(_worked += Busy, Start);
        for (var i = 0; i < 2 * LooksPerMinute; i++)
            Assert.False(Look(Start + Storm));
    }

    [Fact]
    public void A_heap_that_says_for_a_moment_that_it_is_small_has_not_grown_by_that()
    {
        Look(Start + Storm);
        Look(Start + Storm);
        Look(Start, Busy);
        for (var i = 0; i < 2 * LooksTillQuiet; i++)
            Assert.False(Look(Start + Storm));
    }

    private void Trimmed(long heap) => _rule.Trimmed(_worked, heap);

    private bool IsDueOnceQuiet()
    {
        for (var i = 1; i < LooksTillQuiet; i++)
            Assert.False(Look(Start + Storm));
        return Look(Start + Storm);
    }

    private bool Look(long heap, TimeSpan works = default, long frames = 0) => _rule.IsDue(_worked += works, _frames += frames, heap);
}
