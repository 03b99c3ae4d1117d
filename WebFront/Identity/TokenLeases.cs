using System.Collections.Concurrent;

namespace Connections.WebFront.Identity;

/// <summary>Every open line of this front that a token opened: tabs, sockets and requests that go on.</summary>
internal sealed class TokenLeases(Revocations revocations, TimeProvider time)
{
    private readonly ConcurrentDictionary<TokenLease, bool> _leases = [];

    // Nothing expires before it, in UTC ticks: there is no need to look at thousands of lines each second.
    private long _earliest = long.MaxValue;

    /// <summary>A line begins; its end disposes the lease.</summary>
    /// <param name="caller">Whose token opened it.</param>
    /// <param name="end">Ends it; must not wait.</param>
    public TokenLease Hold(Caller caller, Action end)
    {
        var lease = new TokenLease(this, caller, end);
        _leases[lease] = true;
        Check(lease, caller);
        return lease;
    }

    /// <summary>A line goes on with a fresh token.</summary>
    public void Check(TokenLease lease, Caller caller)
    {
        Sooner(caller.Expires);

        // A revocation that came since the token was checked has looked through the others already. Expiry is left to the next look: a
        // request that is shorter passes, as the tolerance for clocks that differ wants it.
        if (revocations.Revoked(caller))
            lease.Look(time.GetUtcNow(), revocations);
    }

    /// <summary>A line has ended.</summary>
    public void Drop(TokenLease lease) => _leases.TryRemove(lease, out _);

    /// <summary>Ends the lines whose tokens have expired.</summary>
    public void LookAtExpired()
    {
        if (time.GetUtcNow().UtcTicks >= Interlocked.Read(ref _earliest))
            Look();
    }

    /// <summary>Ends the lines whose tokens are no longer good.</summary>
    /// <returns>How many it ended.</returns>
    public int Look()
    {
        var (now, ended) = (time.GetUtcNow(), 0);
        Interlocked.Exchange(ref _earliest, long.MaxValue);
        foreach (var (lease, _) in _leases)
        {
            if (lease.HasEnded)
                continue;
            lease.Look(now, revocations);
            if (lease.HasEnded)
                ended++;
            else
                Sooner(lease.Expires);
        }

        return ended;
    }

    private void Sooner(DateTimeOffset? expires)
    {
        if (expires is not { UtcTicks: var ticks })
            return;
        var seen = Interlocked.Read(ref _earliest);
        while (ticks < seen && Interlocked.CompareExchange(ref _earliest, ticks, seen) is var now && now != seen)
            seen = now;
    }
}
