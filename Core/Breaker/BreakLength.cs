namespace Connections.Core;

/// <summary>How long a break lasts: pure arithmetic on <see cref="BreakerOptions"/>.</summary>
internal static class BreakLength
{
    /// <summary>The length of the break after this many trips.</summary>
    /// <param name="options">The numbers.</param>
    /// <param name="trips">Trips since the breaker was healthy, this one included: 1 or more.</param>
    /// <param name="random">0 to 1: how much of the jitter is added.</param>
    /// <param name="retryAfter">What the other side asked for, if it did.</param>
    public static TimeSpan Of(BreakerOptions options, int trips, double random, TimeSpan? retryAfter)
    {
        // In floating point, since the power soon is more than a TimeSpan holds.
        var grown = options.BreakDuration.Ticks * Math.Pow(options.BreakGrowth, trips - 1);
        var jittered = Math.Min(grown, options.MaxBreakDuration.Ticks) * (1 + options.Jitter * Math.Clamp(random, 0, 1));
        var own = TimeSpan.FromTicks((long)Math.Round(jittered));
        return retryAfter is { } asked ? Longer(own, Shorter(asked, options.MaxRetryAfter)) : own;
    }

    /// <summary>No break is longer than this.</summary>
    public static TimeSpan Longest(BreakerOptions options) =>
        Longer(options.MaxBreakDuration * (1 + options.Jitter), options.MaxRetryAfter);

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
