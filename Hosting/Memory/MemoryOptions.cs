namespace Connections.Hosting.Memory;

/// <summary>What a process does with memory that it needs no more; section <c>Memory</c>.</summary>
public sealed class MemoryOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Memory";

    /// <summary>
    /// Whether a process that has grown and is quiet collects its garbage and gives the memory back to the machine. It stands still meanwhile, for about a
    /// tenth of a second per 100 MiB in use, at most once a minute. Default true.
    /// </summary>
    public bool TrimWhenQuiet { get; set; } = true;
}
