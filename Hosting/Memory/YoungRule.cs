namespace Connections.Hosting.Memory;

/// <summary>
/// When a quiet process collects what is young. The runtime lets tens of MiB come together first, which a process that idles takes a minute for, and keeps them; what has just
/// been allocated takes it a millisecond or two to collect.
/// </summary>
public sealed class YoungRule
{
    /// <summary>How much it lets come together.</summary>
    public const long Garbage = 8L << 20;

    private long _allocated;
    private long _collected;
    private int _collections;

    /// <summary>Asks, once every <see cref="TrimRule.Every"/>.</summary>
    /// <param name="allocated">The bytes that the process has allocated since it began.</param>
    /// <param name="collections">How often it has collected since then, whoever asked for it.</param>
    /// <returns>Whether it should collect what is young now.</returns>
    public bool IsDue(long allocated, int collections)
    {
        var isQuiet = allocated - _allocated <= TrimRule.QuietBytes;
        _allocated = allocated;
        if (collections != _collections)
            (_collections, _collected) = (collections, allocated);
        return isQuiet && allocated - _collected >= Garbage;
    }
}
