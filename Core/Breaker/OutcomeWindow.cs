namespace Connections.Core;

/// <summary>Who counts: the calls and failures of the last window, in ten slices that leave one by one.</summary>
/// <remarks>The slices are those of Polly's <c>RollingHealthMetrics</c>: constant memory, however many calls there are.</remarks>
/// <param name="window">The length of the window.</param>
internal sealed class OutcomeWindow(TimeSpan window)
{
    private const int Slices = 10;

    private readonly long _sliceTicks = Math.Max(1, window.Ticks / Slices);
    private readonly int[] _calls = new int[Slices];
    private readonly int[] _failures = new int[Slices];
    private long _newest;

    /// <summary>Calls in the window, as of the last outcome.</summary>
    public int Calls { get; private set; }

    /// <summary>Failures in the window, as of the last outcome.</summary>
    public int Failures { get; private set; }

    /// <summary>Counts one outcome, after what is too old has left.</summary>
    public void Add(TimeSpan now, bool failed)
    {
        var slice = SlideTo(now);
        _calls[slice]++;
        Calls++;
        if (!failed) return;
        _failures[slice]++;
        Failures++;
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        Array.Clear(_calls);
        Array.Clear(_failures);
        Calls = Failures = 0;
    }

    private int SlideTo(TimeSpan now)
    {
        var current = now.Ticks / _sliceTicks;
        for (var passed = Math.Min(current - _newest, Slices); passed > 0; passed--)
        {
            var slice = (int)((current - passed + 1) % Slices);
            Calls -= _calls[slice];
            Failures -= _failures[slice];
            _calls[slice] = _failures[slice] = 0;
        }

        _newest = current;
        return (int)(current % Slices);
    }
}
