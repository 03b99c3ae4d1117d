namespace Connections.Faults.Tests.Rows;

/// <summary>The rows in the order of the table.</summary>
public static class AllRows
{
    private static readonly string? Choice = Environment.GetEnvironmentVariable("FAULTS");

    /// <summary>All.</summary>
    public static IReadOnlyList<Fault> All { get; } = [.. SiloRows.All, .. FrontRows.All, .. TabRows.All, .. UpstreamRows.All, .. ViolationRows.All, .. RedisRows.All, .. MachineRows.All, .. NetworkRows.All];

    /// <summary>Those that this run is to play.</summary>
    public static IEnumerable<Fault> Chosen => Choice switch
    {
        null or "" => All.Where(r => r.IsInShortRun),
        "all" => All,
        _ => All.Where(r => Choice.Split(',').Any(c => r.Name.Contains(c.Trim(), StringComparison.OrdinalIgnoreCase))),
    };

    /// <summary>A row's place in the table.</summary>
    public static int PlaceOf(string displayName) => All.Select((r, i) => (r.Name, Place: i)).FirstOrDefault(r => displayName.Contains($"\"{r.Name}\"", StringComparison.Ordinal)).Place;

    /// <summary>The row of a name.</summary>
    public static Fault Named(string name) => All.Single(r => r.Name == name);
}
