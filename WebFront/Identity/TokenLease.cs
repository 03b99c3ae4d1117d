namespace Connections.WebFront.Identity;

/// <summary>An open line that a token opened, and that ends when the token does: when it expires or is revoked, unless a fresh one came meanwhile.</summary>
internal sealed class TokenLease(TokenLeases all, Caller caller, Action end) : IDisposable
{
    private volatile Caller _caller = caller;
    private int _ended;

    /// <summary>Whether the token ended, and the line with it.</summary>
    public bool HasEnded => Volatile.Read(ref _ended) != 0;

    /// <summary>When the token expires; null when it does not.</summary>
    public DateTimeOffset? Expires => _caller.Expires;

    /// <summary>Goes on with a fresh token of the same user.</summary>
    public void Renew(Caller fresh)
    {
        _caller = fresh;
        all.Check(this, fresh);
    }

    /// <summary>Ends the line, once, if its token is no longer good.</summary>
    public void Look(DateTimeOffset now, Revocations revocations)
    {
        var holder = _caller;
        if ((holder.Expires > now || holder.Expires is null) && !revocations.Revoked(holder) || Interlocked.Exchange(ref _ended, 1) != 0)
            return;
        try
        {
            end();
        }
        catch (ObjectDisposedException)
        {
            // It has just ended by itself; the next ones are still to be looked at.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => all.Drop(this);
}
