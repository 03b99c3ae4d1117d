namespace Connections.Hosting.Memory;

/// <summary>
/// When a process collects what is young: it stands still for as long as it takes to copy what is alive of it, and in a gateway that is every frame since the last time, for all are kept for
/// whoever comes back. The runtime lets tens of MiB come together, which then is a pause of tens of milliseconds for every user; in small helpings none is noticed.
/// </summary>
public sealed class YoungRule
{
    /// <summary>How often to ask.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromMilliseconds(500);

    /// <summary>How much it lets come together: half of it is alive, and takes about as long to copy as the rest of a collection.</summary>
    public const long Garbage = 4L << 20;

    private long _start;
    private int _collections = -1;

    /// <summary>Asks, once <see cref="Every"/>.</summary>
    /// <param name="heap">
    /// The bytes of the heap, with the garbage that has not been collected. What the process says that it has allocated would be simpler, and stands still for minutes once the runtime has
    /// changed the number of its heaps.
    /// </param>
    /// <param name="collections">How often it has collected, whoever asked for it.</param>
    /// <returns>Whether it should collect what is young now.</returns>
    public bool IsDue(long heap, int collections)
    {
        // What is collected in the background makes the heap smaller for some time after it began.
        if (collections != _collections || heap < _start)
            (_collections, _start) = (collections, heap);
        return heap - _start >= Garbage;
    }
}
