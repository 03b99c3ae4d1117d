using Connections.Backend.Stats;

namespace Connections.Backend.Dials;

/// <summary>Counts dials, in all, by the second and by its tenths, so that a test can see whether a gateway ramps up or stampedes.</summary>
internal sealed class DialLog(TimeProvider clock)
{
    private const int Seconds = 300;
    private const int TenthsOfASecond = 10;

    private readonly Lock _lock = new();
    private readonly long[] _accepted = new long[Seconds * TenthsOfASecond];
    private readonly long[] _refused = new long[Seconds * TenthsOfASecond];
    private readonly long[] _secondOf = new long[Seconds];
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
        var oldest = (Now() / TenthsOfASecond) - Seconds + 1;
        lock (_lock)
            return [.. _secondOf.Where(second => second >= oldest && second > 0).Order().Select(SecondAt)];
    }

    internal void Reset()
    {
        lock (_lock)
        {
            Array.Clear(_secondOf);
            _peakAccepts = 0;
        }

        Accepted.Reset();
        Refused.Reset();
        Stalled.ResetPeak();
    }

    private void Note(int accepted, int refused)
    {
        var tenth = Now();
        var second = tenth / TenthsOfASecond;
        var slot = (int)(tenth % (Seconds * TenthsOfASecond));
        lock (_lock)
        {
            if (_secondOf[second % Seconds] != second)
            {
                _secondOf[second % Seconds] = second;
                TenthsOf(_accepted, second).Clear();
                TenthsOf(_refused, second).Clear();
            }

            _accepted[slot] += accepted;
            _refused[slot] += refused;
            _peakAccepts = Math.Max(_peakAccepts, Sum(TenthsOf(_accepted, second)));
        }
    }

    private SecondOfDials SecondAt(long second)
    {
        var accepted = TenthsOf(_accepted, second).ToArray();
        var refused = TenthsOf(_refused, second).ToArray();
        return new(second, Sum(accepted), Sum(refused), [.. accepted.Zip(refused, (a, r) => a + r)]);
    }

    private static Span<long> TenthsOf(long[] ring, long second) => ring.AsSpan((int)(second % Seconds) * TenthsOfASecond, TenthsOfASecond);

    private static long Sum(ReadOnlySpan<long> counts)
    {
        var sum = 0L;
        foreach (var count in counts)
            sum += count;
        return sum;
    }

    // In tenths of a second.
    private long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds() / 100;
}
