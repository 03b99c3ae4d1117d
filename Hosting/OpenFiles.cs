using System.Globalization;

namespace Connections.Hosting;

/// <summary>How many files, sockets among them, this process may have open at once.</summary>
public static class OpenFiles
{
    private const string Limits = "/proc/self/limits";
    private const string Name = "Max open files";
    private const int SmallestReserve = 600;
    private const int ReservedPart = 8;

    // More than any machine has; some systems give a limit of 2^30.
    private const int MostConnections = 10_000_000;

    /// <summary>The limit (<c>ulimit -n</c>); null where the system has none, or does not say. A .NET process has raised its soft limit to the hard one.</summary>
    public static int? Limit { get; } = File.Exists(Limits) ? Read(File.ReadLines(Limits)) : null;

    /// <summary>
    /// How many of a limit may be connections of users: what an eighth leaves that is for files, threads, logs, Redis and the cluster, or 600 where that is
    /// more, and half where that is too much. No bound without a limit.
    /// </summary>
    public static int ForConnections(int? limit) =>
        limit is { } files ? Math.Min(MostConnections, files - Math.Min(files / 2, Math.Max(SmallestReserve, files / ReservedPart))) : int.MaxValue;

    /// <summary>Reads it from the lines of <c>/proc/self/limits</c>: the name, the soft limit, the hard one, the unit.</summary>
    public static int? Read(IEnumerable<string> limits) =>
        limits.FirstOrDefault(l => l.StartsWith(Name, StringComparison.Ordinal)) is { } line
        && line[Name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var soft, ..]
        && long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
            ? (int)Math.Min(limit, int.MaxValue)
            : null;
}
