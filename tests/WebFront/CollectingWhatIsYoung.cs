using Connections.Hosting.Memory;

namespace Connections.WebFront.Tests;

/// <summary>A process that only idles keeps no more garbage than it must.</summary>
public sealed class CollectingWhatIsYoung
{
    private readonly YoungRule _rule = new();
    private long _allocated;
    private int _collections;

    [Fact]
    public void When_enough_has_come_together_it_does_so()
    {
        Assert.False(Look(YoungRule.Garbage / 2));
        Assert.True(Look(YoungRule.Garbage / 2));
        Collected();
        Assert.False(Look(0));
        Assert.False(Look(YoungRule.Garbage / 2));
        Assert.False(Look((YoungRule.Garbage / 2) - 1));
        Assert.True(Look(1));
    }

    [Fact]
    public void What_the_runtime_has_collected_meanwhile_does_not_count()
    {
        Assert.False(Look(YoungRule.Garbage / 2));
        Collected();
        Assert.False(Look(YoungRule.Garbage / 2));
        Assert.False(Look((YoungRule.Garbage / 2) - 1));
        Assert.False(Look((YoungRule.Garbage / 2) - 1));
        Assert.True(Look(2));
    }

    [Fact]
    public void One_that_is_busy_is_left_to_the_runtime()
    {
        for (var i = 0; i < 100; i++)
            Assert.False(Look(YoungRule.IdleBytes + 1));
    }

    private void Collected() => _collections++;

    private bool Look(long allocates) => _rule.IsDue(_allocated += allocates, _collections);
}
