namespace Connections.Faults.Tests.Rows;

/// <summary>The rows in the order of the table.</summary>
public static class AllRows
{
    // The runner cuts a little after it.
    private const int Shown = 40;

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

    /// <summary>A row's place in the table, by the name of its test, which shows the beginning of the row's.</summary>
    public static int PlaceOf(string displayName) =>
        All.Select((r, i) => (Beginning: r.Name[..Math.Min(r.Name.Length, Shown)], Place: i)).First(r => displayName.Contains($"\"{r.Beginning}", StringComparison.Ordinal)).Place;

    /// <summary>The row of a name.</summary>
    public static Fault Named(string name) => All.Single(r => r.Name == name);
}
