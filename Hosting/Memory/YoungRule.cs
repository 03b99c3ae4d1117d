namespace Connections.Hosting.Memory;

/// <summary>
/// When a process collects what is young: it stands still for as long as it takes to look at what was written since the last time, and to copy what is alive. The runtime lets tens of MiB come
/// together, which then is a pause of tens of milliseconds for every user. A process that allocates tens of MiB a second is left to it.
/// </summary>
public sealed class YoungRule
{
    /// <summary>How often to ask.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromMilliseconds(500);

    /// <summary>How much it lets come together: what some 7,000 messages allocate. To look at what those wrote takes 6 to 11 ms in a process of 16,000 users, all else 2 ms.</summary>
    public const long Helping = 4L << 20;

    // Of a heap that makes every collection dear, young or not, no more than a fiftieth of the time goes into them.
    private const int LongestPart = 50;

    private long _start;
    private int _collections = -1;
    private int _rests;

    /// <summary>Asks, once <see cref="Every"/>.</summary>
    /// <param name="heap">
    /// The bytes of the heap, with the garbage that has not been collected. What the process says that it has allocated would be simpler, and stands still for a minute after the runtime has
    /// given up one of its heaps: it is the sum of those that are left.
    /// </param>
    /// <param name="collections">How often it has collected, whoever asked for it.</param>
    /// <returns>Whether it should collect what is young now; <see cref="Collected"/> is to follow then.</returns>
    public bool IsDue(long heap, int collections)
    {
        // While a background collection sweeps, the heap says that it is smaller than it is, and for some time it becomes so.
        if (collections != _collections || heap < _start)
            (_collections, _start) = (collections, heap);
        if (_rests > 0)
        {
            _rests--;
            return false;
        }

        return heap - _start >= Helping;
    }

    /// <summary>It did.</summary>
    /// <param name="heap">The bytes of its heap now.</param>
    /// <param name="collections">How often it has collected now.</param>
    /// <param name="took">How long that took.</param>
    public void Collected(long heap, int collections, TimeSpan took) =>
        (_start, _collections, _rests) = (heap, collections, (int)(LongestPart * took / Every));
}
