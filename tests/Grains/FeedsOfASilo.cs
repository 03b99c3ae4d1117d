using Connections.Core;
using Connections.Grains.Delivery;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Connections.Grains.Tests;

/// <summary>Who is on a silo, and since when.</summary>
public sealed class FeedsOfASilo
{
    [Fact]
    public void Who_came_a_moment_ago_is_not_among_those_who_may_move_on()
    {
        var time = new FakeTimeProvider();
        using var feeds = new Feeds(Options.Create(new ConnectionOptions()), time);
        feeds.Open("alice", new FramePosition(1, 0));
        time.Advance(TimeSpan.FromSeconds(8));
        feeds.Open("bob", new FramePosition(1, 0));
        time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(["alice"], feeds.UsersSince(TimeSpan.FromSeconds(10)));
        time.Advance(TimeSpan.FromSeconds(8));
        Assert.Equal(["alice", "bob"], feeds.UsersSince(TimeSpan.FromSeconds(10)).Order());
    }
}
