namespace Connections.Core;

/// <summary>When the next dial may begin: a token bucket, kept as a single point in time.</summary>
/// <remarks>
/// <para>This is the generic cell rate algorithm (ITU-T I.371, virtual scheduling) in whole ticks, so that no rounding ever lets a
/// dial through early. The bucket holds a tenth of a second's dials: at most 0.1 s of them at once and then one second's worth
/// makes no more than 1.1 times the rate in any second. The promise is 1.2 times: the rest is for dials that leave in one second and
/// arrive, with what the network and the machines' scheduling cost, in the next.</para>
/// <para>Below 10 dials a second a tenth is less than one dial. The bucket then holds one, and below 5 the rate is lowered to
/// <c>floor(1.2 x rate)</c> where that is less (1.5 becomes 1), since a second cannot hold a part of a dial. Below 0.83 a second a
/// single dial already is more than 1.2 times the rate; there the promise is one dial in any second.</para>
/// <para>A second is half-open: a dial exactly one second later is in the next one. Time lost because a timer was late comes back
/// only as far as the bucket is deep, so below 10 a second the real rate stays a little below the one asked for.</para>
/// </remarks>
internal sealed class DialPace
{
    private const double Headroom = 1.2;
    private const long BucketTicks = TimeSpan.TicksPerSecond / 10;
    private const long LongestInterval = 365 * TimeSpan.TicksPerDay;

    // Ticks from dial to dial; 0 while the rate is 0. The bucket's depth, in ticks of filling. When the bucket would be full.
    private long _interval;
    private long _depth;
    private long _full;

    /// <summary>Dials a second, as asked for.</summary>
    public double Rate { get; private set; }

    /// <summary>A full bucket.</summary>
    public DialPace(double rate, TimeSpan now)
    {
        Measure(rate);
        _full = now.Ticks;
    }

    /// <summary>Changes the rate. What the bucket holds stays, as far as the new one is deep enough, so that changing back and forth
    /// makes no dials out of nothing.</summary>
    public void SetRate(double rate, TimeSpan now)
    {
        var (oldInterval, spare) = (_interval, _interval == 0 ? 0 : Math.Min(_depth, SpareAt(now)));
        Measure(rate);
        if (oldInterval > 0) spare = (long)Int128.Min(_depth, (Int128)spare * _interval / oldInterval);
        _full = now.Ticks + _depth - spare;
    }

    /// <summary>Takes one dial out of the bucket, if it holds one.</summary>
    public bool TryTake(TimeSpan now)
    {
        if (WaitAt(now) != TimeSpan.Zero) return false;
        _full = Math.Max(_full, now.Ticks) + _interval;
        return true;
    }

    /// <summary>How long until the bucket holds a dial; null if it never will at this rate.</summary>
    public TimeSpan? WaitAt(TimeSpan now) =>
        _interval == 0 ? null : TimeSpan.FromTicks(Math.Max(0, _interval - SpareAt(now)));

    private long SpareAt(TimeSpan now) => now.Ticks + _depth - _full;

    private void Measure(double rate)
    {
        Rate = rate;
        var whole = Math.Floor(Headroom * rate);
        var kept = whole >= 1 ? Math.Min(rate, whole) : rate;
        _interval = kept > 0 ? (long)Math.Min(LongestInterval, Math.Ceiling(TimeSpan.TicksPerSecond / kept)) : 0;
        _depth = _interval > 0 ? Math.Max(BucketTicks, _interval) : 0;
    }
}
