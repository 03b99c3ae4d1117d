namespace Connections.Hosting.Memory;

/// <summary>What a process does with memory that it needs no more; section <c>Memory</c>.</summary>
public sealed class MemoryOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Memory";

    /// <summary>
    /// Whether a process that has grown and has been quiet for 20 s collects its garbage and gives the memory back to the machine, standing still meanwhile, at most once a minute, and
    /// lets no more than some MiB of garbage come together while it idles. Default true.
    /// </summary>
    public bool TrimWhenQuiet { get; set; } = true;
}
