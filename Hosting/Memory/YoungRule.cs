namespace Connections.Hosting.Memory;

/// <summary>
/// When a process that idles collects what is young. The runtime lets tens of MiB come together first, which such a process takes a minute for, and keeps them. It stands still for
/// some milliseconds each time, and tens of them when many have just come, so that one that delivers anything to speak of is left alone.
/// </summary>
public sealed class YoungRule
{
    /// <summary>How much it lets come together.</summary>
    public const long Garbage = 8L << 20;

    /// <summary>What some thousand users who say nothing allocate by their pings in <see cref="TrimRule.Every"/> is less, and a hundred messages a second more.</summary>
    public const long IdleBytes = 5L << 20;

    private long _allocated;
    private long _collected;
    private int _collections;

    /// <summary>Asks, once every <see cref="TrimRule.Every"/>.</summary>
    /// <param name="allocated">The bytes that the process has allocated since it began.</param>
    /// <param name="collections">How often it has collected since then, whoever asked for it.</param>
    /// <returns>Whether it should collect what is young now.</returns>
    public bool IsDue(long allocated, int collections)
    {
        var idles = allocated - _allocated <= IdleBytes;
        _allocated = allocated;
        if (collections != _collections)
            (_collections, _collected) = (collections, allocated);
        return idles && allocated - _collected >= Garbage;
    }
}
