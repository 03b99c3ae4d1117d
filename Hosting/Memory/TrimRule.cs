namespace Connections.Hosting.Memory;

/// <summary>
/// When a process gives memory back: much happened since it last did, its heap has grown by that, and now little happens. The runtime collects only when there is
/// something to allocate, and then first what is young: what a storm of connections has left would stay for as long as its tabs say nothing.
/// </summary>
public sealed class TrimRule
{
    /// <summary>How often to ask.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    /// <summary>What tabs that say nothing use by their pings in that time is less, with 10,000 of them and more: a fifth of a core.</summary>
    public static readonly TimeSpan QuietWork = Every / 5;

    /// <summary>
    /// A process that brings a hundred frames a second would hold up ten of them for each tenth of a second that it stands still. In the process that is silo and front a message counts twice.
    /// </summary>
    public const long QuietFrames = 500;

    /// <summary>What is not worth standing still for.</summary>
    public const long SmallestGrowth = 8L << 20;

    private const int SmallestPart = 8;
    private const int LooksBetween = 12;

    // What a storm leaves in pools and timers is garbage only some seconds later.
    private const int QuietLooks = 4;

    private TimeSpan? _worked;
    private long _frames;
    private long _heap = long.MaxValue;
    private long _lastHeap;
    private int _looks = LooksBetween;
    private int _quietLooks;
    private bool _wasBusy;

    /// <summary>Asks, once every <see cref="Every"/>.</summary>
    /// <param name="worked">The processor time that the process has used since it began.</param>
    /// <param name="frames">The frames that it has brought to somebody since then.</param>
    /// <param name="heap">The bytes of its heap, with the garbage that has not been collected.</param>
    /// <returns>Whether it should give memory back now; <see cref="Trimmed"/> is to follow then.</returns>
    public bool IsDue(TimeSpan worked, long frames, long heap)
    {
        // What quiet times leave by and by is the runtime's own to collect: a process that only idles is never stopped for it.
        var isQuiet = worked - _worked <= QuietWork && frames - _frames <= QuietFrames;
        _wasBusy |= !isQuiet;
        (_worked, _frames) = (worked, frames);
        _quietLooks = isQuiet ? _quietLooks + 1 : 0;
        _looks++;

        // While a background collection sweeps, a heap may say that it is much smaller than it is.
        _heap = Math.Min(_heap, Math.Max(heap, _lastHeap));
        _lastHeap = heap;
        return _quietLooks >= QuietLooks && _wasBusy && _looks > LooksBetween && heap - _heap >= Math.Max(SmallestGrowth, _heap / SmallestPart);
    }

    /// <summary>It did.</summary>
    /// <param name="worked">The processor time that it has used by now: what this took is no sign of being busy.</param>
    /// <param name="heap">The bytes of its heap now.</param>
    public void Trimmed(TimeSpan worked, long heap) => (_worked, _heap, _lastHeap, _looks, _wasBusy) = (worked, heap, heap, 0, false);
}
