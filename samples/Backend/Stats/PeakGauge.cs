namespace Connections.Backend.Stats;

/// <summary>How many there are now, and the most there ever were at once.</summary>
internal sealed class PeakGauge
{
    private readonly Lock _lock = new();
    private long _value;
    private long _peak;

    internal long Value => Interlocked.Read(ref _value);

    internal long Peak => Interlocked.Read(ref _peak);

    internal void Increment()
    {
        lock (_lock)
            _peak = Math.Max(_peak, ++_value);
    }

    internal void Decrement()
    {
        lock (_lock)
            _value--;
    }

    internal void ResetPeak()
    {
        lock (_lock)
            _peak = _value;
    }
}
