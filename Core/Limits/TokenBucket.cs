namespace Connections.Core;

/// <summary>Lets through so much a second, and what silence saved up to a depth at once.</summary>
/// <remarks>
/// <para>The token bucket of ITU-T I.371, filled when it is asked: no timer, so that one for each tab costs nothing while nobody sends. What
/// costs more than the whole depth passes when the bucket is full, and is paid for afterwards: a limit on the rate is not one on the size.</para>
/// <para>Not safe for use by several threads.</para>
/// </remarks>
public sealed class TokenBucket
{
    private readonly double _perSecond;
    private readonly double _depth;
    private readonly TimeProvider _time;
    private double _tokens;
    private long _filled;

    /// <summary>A full bucket.</summary>
    /// <param name="perSecond">Tokens a second; more than 0.</param>
    /// <param name="depth">The most that is saved up; more than 0.</param>
    /// <param name="time">The clock.</param>
    public TokenBucket(double perSecond, double depth, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        _perSecond = perSecond;
        _tokens = _depth = depth;
        _time = time;
        _filled = time.GetTimestamp();
    }

    /// <summary>Whether a cost is covered now; takes nothing.</summary>
    public bool Has(double cost)
    {
        var now = _time.GetTimestamp();
        _tokens = Math.Min(_depth, _tokens + (_time.GetElapsedTime(_filled, now).TotalSeconds * _perSecond));
        _filled = now;
        return _tokens >= Math.Min(cost, _depth);
    }

    /// <summary>Takes a cost, covered or not.</summary>
    public void Take(double cost) => _tokens -= cost;
}
