using Connections.Backend.Stats;

namespace Connections.Backend.Dials;

/// <summary>Counts dials, in all and by the second, so that a test can see whether a gateway ramps up or stampedes.</summary>
internal sealed class DialLog(TimeProvider clock)
{
    private const int Seconds = 120;

    private readonly Lock _lock = new();
    private readonly SecondOfDials[] _ring = [.. Enumerable.Repeat(new SecondOfDials(0, 0, 0), Seconds)];
    private long _peakAccepts;

    internal Counter Accepted { get; } = new();

    internal Counter Refused { get; } = new();

    internal PeakGauge Stalled { get; } = new();

    internal long PeakAcceptsPerSecond => Interlocked.Read(ref _peakAccepts);

    internal void Accept()
    {
        Accepted.Add();
        Note(accepted: 1, refused: 0);
    }

    internal void Refuse()
    {
        Refused.Add();
        Note(accepted: 0, refused: 1);
    }

    internal IReadOnlyList<SecondOfDials> LastSeconds()
    {
        var oldest = Now() - Seconds + 1;
        lock (_lock)
            return [.. _ring.Where(entry => entry.Second >= oldest && entry.Accepted + entry.Refused > 0).OrderBy(entry => entry.Second)];
    }

    internal void Reset()
    {
        lock (_lock)
        {
            Array.Fill(_ring, new SecondOfDials(0, 0, 0));
            _peakAccepts = 0;
        }

        Accepted.Reset();
        Refused.Reset();
        Stalled.ResetPeak();
    }

    private void Note(int accepted, int refused)
    {
        var second = Now();
        lock (_lock)
        {
            ref var entry = ref _ring[second % Seconds];
            if (entry.Second != second)
                entry = new(second, 0, 0);
            entry = entry with { Accepted = entry.Accepted + accepted, Refused = entry.Refused + refused };
            _peakAccepts = Math.Max(_peakAccepts, entry.Accepted);
        }
    }

    private long Now() => clock.GetUtcNow().ToUnixTimeSeconds();
}
