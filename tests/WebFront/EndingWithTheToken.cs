using Connections.Core;
using Connections.Grains.Abstractions.Operating;
using Connections.WebFront.Identity;
using Microsoft.Extensions.Time.Testing;

namespace Connections.WebFront.Tests;

/// <summary>Lines end when their tokens do, and nobody looks at thousands of them each second to find out.</summary>
public sealed class EndingWithTheToken
{
    private readonly FakeTimeProvider _time = new();
    private readonly Revocations _revocations = new();
    private readonly TokenLeases _leases;
    private readonly List<string> _ended = [];

    public EndingWithTheToken() => _leases = new TokenLeases(_revocations, _time);

    [Fact]
    public void Each_line_ends_when_its_own_token_expires()
    {
        foreach (var (user, seconds) in new[] { ("alice", 30), ("bob", 10), ("carol", 20) })
            Hold(user, seconds);
        using var never = _leases.Hold(Caller("dave", null), () => _ended.Add("dave"));

        Assert.Equal([], EndedAfter(9));
        Assert.Equal(["bob"], EndedAfter(1));
        Assert.Equal(["bob"], EndedAfter(9));
        Assert.Equal(["bob", "carol"], EndedAfter(1));
        Assert.Equal(["bob", "carol", "alice"], EndedAfter(3_600));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(60)]
    public void A_fresh_token_counts_from_then_on_be_it_longer_or_shorter(int seconds)
    {
        var lease = Hold("alice", 30);
        lease.Renew(Caller("alice", _time.GetUtcNow().AddSeconds(seconds)));

        Assert.Equal([], EndedAfter(seconds - 1));
        Assert.Equal(["alice"], EndedAfter(1));
    }

    [Fact]
    public void A_fresh_token_that_was_revoked_while_it_was_checked_ends_the_line()
    {
        var lease = Hold("alice", 30);
        _revocations.Take(new RevocationList("1", [new Revocation("alice", null, _time.GetUtcNow().ToUnixTimeMilliseconds(), long.MaxValue, null)]));

        lease.Renew(Caller("alice", _time.GetUtcNow().AddSeconds(60)));

        Assert.Equal(["alice"], _ended);
    }

    private TokenLease Hold(string user, int seconds) => _leases.Hold(Caller(user, _time.GetUtcNow().AddSeconds(seconds)), () => _ended.Add(user));

    private List<string> EndedAfter(int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            _leases.LookAtExpired();
        }

        return _ended;
    }

    private static Caller Caller(string user, DateTimeOffset? expires)
    {
        Assert.True(UserId.TryParse(user, out var id));
        return new Caller(id, expires, null);
    }
}
