namespace Connections.Core;

/// <summary>Who decides: whether the outcomes of a closed breaker are reason enough to open it.</summary>
internal sealed class TripRule(BreakerOptions options)
{
    // A user's breaker has no ratio, and there are very many of them: no window until one is needed.
    private OutcomeWindow? _window;

    /// <summary>Failures in a row.</summary>
    public int ConsecutiveFailures { get; private set; }

    /// <summary>Counts a success. It never opens the breaker, even if it brings the window to its minimum throughput.</summary>
    public void Succeeded(TimeSpan now)
    {
        ConsecutiveFailures = 0;
        Count(now, failed: false);
    }

    /// <summary>Counts a failure and says why it opens the breaker, if it does.</summary>
    public BreakerTransitionReason? Failed(TimeSpan now)
    {
        FailedInARow();
        Count(now, failed: true);

        if (options.FailureThreshold > 0 && ConsecutiveFailures >= options.FailureThreshold)
            return BreakerTransitionReason.ConsecutiveFailures;
        if (_window is { } seen && seen.Calls >= options.MinimumThroughput && seen.Failures / (double)seen.Calls >= options.FailureRatio)
            return BreakerTransitionReason.FailureRatio;
        return null;
    }

    /// <summary>Counts a failure that was decided elsewhere: that of a probe.</summary>
    public void FailedInARow()
    {
        if (ConsecutiveFailures < int.MaxValue) ConsecutiveFailures++;
    }

    /// <summary>A new period begins: the window is empty, the failures in a row are as given.</summary>
    public void StartPeriod(int consecutiveFailures)
    {
        ConsecutiveFailures = consecutiveFailures;
        _window?.Clear();
    }

    private void Count(TimeSpan now, bool failed)
    {
        if (options.FailureRatio > 0) (_window ??= new(options.Window)).Add(now, failed);
    }
}
