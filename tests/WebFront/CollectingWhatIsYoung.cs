using Connections.Hosting.Memory;

namespace Connections.WebFront.Tests;

/// <summary>A process lets no more of what is young come together than it copies in some milliseconds.</summary>
public sealed class CollectingWhatIsYoung
{
    private const long Start = 80L << 20;

    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(5);

    private readonly YoungRule _rule = new();
    private long _heap = Start;
    private int _collections;

    [Fact]
    public void When_enough_has_come_together_it_does_so()
    {
        Assert.False(Look(0));
        Assert.False(Look(YoungRule.Helping - 1));
        Assert.True(Look(1));
        Collected(YoungRule.Helping / 2, Short);
        Assert.False(Look(YoungRule.Helping - 1));
        Assert.True(Look(1));
    }

    [Fact]
    public void Where_that_takes_long_it_does_so_for_a_fiftieth_of_the_time_at_most()
    {
        Assert.False(Look(0));
        Assert.True(Look(YoungRule.Helping));
        Collected(0, YoungRule.Every / 10);
        for (var i = 0; i < 5; i++)
            Assert.False(Look(YoungRule.Helping));
        Assert.True(Look(0));
    }

    [Fact]
    public void What_the_runtime_has_collected_meanwhile_does_not_count()
    {
        Assert.False(Look(0));
        Assert.False(Look(YoungRule.Helping - 1));
        _collections++;
        Assert.False(Look(YoungRule.Helping));
        Assert.False(Look(YoungRule.Helping - 1));
        Assert.True(Look(1));
    }

    [Fact]
    public void What_is_collected_in_the_background_hides_nothing_that_comes_after_it()
    {
        Assert.False(Look(0));
        _collections++;
        Assert.False(Look(0));
        Assert.False(Look(-Start / 4));
        Assert.False(Look(-Start / 4));
        Assert.False(Look(YoungRule.Helping - 1));
        Assert.True(Look(1));
    }

    [Fact]
    public void A_process_that_has_just_begun_owes_nothing_for_what_it_is_made_of()
    {
        Assert.False(Look(YoungRule.Helping));
        Assert.False(Look(YoungRule.Helping - 1));
    }

    private void Collected(long bytes, TimeSpan took) => _rule.Collected(_heap -= bytes, ++_collections, took);

    private bool Look(long grows) => _rule.IsDue(_heap += grows, _collections);
}
