namespace Connections.Hosting.Memory;

/// <summary>What a process does with memory that it needs no more; section <c>Memory</c>.</summary>
public sealed class MemoryOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Memory";

    /// <summary>
    /// Whether a process that has grown and has been quiet for 20 s collects its garbage and gives the memory back to the machine, standing still meanwhile, at most once a minute. Default true.
    /// </summary>
    public bool TrimWhenQuiet { get; set; } = true;

    /// <summary>
    /// Whether a process collects what is young whenever some MiB of it have come together, standing still for some milliseconds, in place of tens of MiB and tens of milliseconds. Default true.
    /// </summary>
    public bool ShortPauses { get; set; } = true;
}
