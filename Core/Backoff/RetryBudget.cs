namespace Connections.Core;

/// <summary>
/// Lets at most a part of the calls be repeated, so that retries never multiply the load of a backend that is unwell. Each call earns a part of
/// a retry, and a retry spends a whole one; what is saved up is bounded.
/// </summary>
/// <remarks>Safe for use by many threads. The same as Finagle's, without its minimum of retries per second.</remarks>
public sealed class RetryBudget
{
    private const int Whole = 1_000;

    private readonly int _earned;
    private readonly int _most;
    private int _saved;

    /// <summary>A budget with nothing saved.</summary>
    /// <param name="ratio">Retries per call: 0.1 is one in ten; 0 allows none.</param>
    /// <param name="most">How many retries may be saved up.</param>
    public RetryBudget(double ratio, int most = 10)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(ratio);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ratio, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        _earned = (int)Math.Round(ratio * Whole);
        _most = most * Whole;
    }

    /// <summary>A call was made.</summary>
    public void Earn()
    {
        // Two that race may save a little less: never more than they may.
        if (Volatile.Read(ref _saved) + _earned <= _most) Interlocked.Add(ref _saved, _earned);
    }

    /// <summary>Asks to repeat one.</summary>
    /// <returns>Whether it may be repeated.</returns>
    public bool TrySpend()
    {
        if (Interlocked.Add(ref _saved, -Whole) >= 0) return true;
        Interlocked.Add(ref _saved, Whole);
        return false;
    }
}
