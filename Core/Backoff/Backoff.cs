namespace Connections.Core;

/// <summary>How long to wait before the next dial of one connection: exponential, with full jitter.</summary>
/// <remarks>
/// <para>Full jitter draws the whole wait at random, not a part of it, which makes the fewest calls of all variants when many
/// contend. Source: Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015:
/// <c>sleep = random_between(0, min(cap, base * 2 ** attempt))</c>. Ours draws from a floor instead of zero.</para>
/// <para>A connection that opens is not yet healthy: one that opens and drops at once must go on backing off. So the attempts are
/// forgotten only when it has been open for <see cref="BackoffOptions.ResetAfter"/>.</para>
/// <para>Not safe for use by several threads: it belongs to one connection.</para>
/// </remarks>
/// <param name="options">The numbers.</param>
/// <param name="time">The clock.</param>
/// <param name="random">A number from 0 to 1; <see cref="Random.Shared"/> if null.</param>
public sealed class Backoff(BackoffOptions options, TimeProvider time, Func<double>? random = null)
{
    private readonly Func<double> _random = random ?? Random.Shared.NextDouble;
    private int _attempt;
    private long? _openedAt;

    /// <summary>Waits handed out since the connection last was healthy; 0 as soon as it is.</summary>
    public int Attempt => IsHealthy ? 0 : _attempt;

    private bool IsHealthy => _openedAt is { } opened && time.GetElapsedTime(opened) >= options.ResetAfter;

    /// <summary>The wait before the next attempt. Raises <see cref="Attempt"/>; a connection that still counts as open counts as
    /// closed from here on.</summary>
    /// <returns>From <see cref="BackoffOptions.MinDelay"/> to <see cref="BackoffOptions.MaxDelay"/>.</returns>
    public TimeSpan Next()
    {
        Closed();
        if (_attempt < int.MaxValue) _attempt++;

        // In floating point, since the power soon is more than a TimeSpan holds.
        double shortest = options.MinDelay.Ticks;
        var longest = Math.Max(shortest, Math.Min(options.MaxDelay.Ticks, options.BaseDelay.Ticks * Math.Pow(2, _attempt - 1)));
        return TimeSpan.FromTicks((long)(shortest + (longest - shortest) * Math.Clamp(_random(), 0, 1)));
    }

    /// <summary>The connection opened: its healthy time begins, also when the one before was never reported as closed.</summary>
    public void Opened()
    {
        Closed();
        _openedAt = time.GetTimestamp();
    }

    /// <summary>The connection closed: if it was healthy, the attempts begin at zero again. Does nothing if it was not open.</summary>
    public void Closed()
    {
        if (IsHealthy) _attempt = 0;
        _openedAt = null;
    }
}
