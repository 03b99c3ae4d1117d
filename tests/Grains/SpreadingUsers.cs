using Connections.Grains.Placement;

namespace Connections.Grains.Tests;

/// <summary>How many users a silo hands over after another one joined.</summary>
public sealed class SpreadingUsers
{
    private readonly Rebalancing _rebalancing = new(new RebalanceOptions());

    [Fact]
    public void The_silo_that_joined_hands_on_what_it_was_given_too_much()
    {
        Assert.Equal(0, At(0, 0));
        Assert.Equal(0, At(1, 34));
        Assert.Equal(0, At(3, 34));
        Assert.Equal(4, At(4, 34));
    }

    [Fact]
    public void It_goes_on_when_users_on_their_way_made_it_look_even()
    {
        Assert.Equal(0, At(0, 34));
        Assert.Equal(4, At(3, 34));
        Assert.Equal(0, Excess(4, self: 28, others: [28, 28, 28]));
        Assert.Equal(0, At(5, 34));
        Assert.Equal(4, At(8, 34));
    }

    [Fact]
    public void Looks_that_come_late_do_not_make_a_crowd_look_settled()
    {
        Assert.Equal(0, At(0, 0));
        Assert.Equal(0, At(20, 80));
        Assert.Equal(80 - 42, At(24, 80));
    }

    [Fact]
    public void While_a_crowd_comes_nobody_is_sent_on_and_afterwards_it_is_evened_out()
    {
        Assert.Equal(0, At(0, 0));
        for (var second = 1; second <= 12; second++)
            Assert.Equal(0, Excess(second, self: second * 100, others: [(second - 1) * 100]));
        Assert.Equal(0, Excess(13, self: 1300, others: [1100]));
        Assert.Equal(100, Excess(16, self: 1300, others: [1100]));
    }

    [Fact]
    public void Once_even_for_a_while_it_is_over_until_somebody_joins()
    {
        Assert.Equal(0, At(0, 0));
        Assert.Equal(0, Excess(5, self: 30, others: [30, 30, 30]));
        Assert.Equal(0, Excess(9, self: 30, others: [30, 30, 30]));
        Assert.Equal(0, At(10, 50));
    }

    private int At(double seconds, int self) => Excess(seconds, self, [26, 30, 30]);

    private int Excess(double seconds, int self, int[] others)
    {
        var users = others.Select((count, i) => (Name: $"other-{i}", Count: count)).Append(("self", self)).ToDictionary();
        return _rebalancing.Excess("self", users, atMost: 100, TimeSpan.FromSeconds(seconds));
    }
}
