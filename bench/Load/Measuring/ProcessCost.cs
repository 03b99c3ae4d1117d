using System.Globalization;

namespace Connections.Load.Measuring;

/// <summary>What processes and their children have used so far, and hold now; read from <c>/proc</c>.</summary>
/// <param name="Cpu">Processor time, of user and kernel.</param>
/// <param name="Rss">Resident memory, in bytes: pages shared by several are counted for each.</param>
/// <param name="Pss">Resident memory, in bytes: pages shared by several are divided among them.</param>
internal readonly record struct ProcessCost(TimeSpan Cpu, long Rss, long Pss)
{
    private const int TicksPerSecond = 100;
    private const int Parent = 1;
    private const int UserTime = 11;

    /// <summary>Reads it.</summary>
    public static ProcessCost Of(params IEnumerable<int> pids)
    {
        var cost = default(ProcessCost);
        foreach (var pid in WithChildren(pids.ToHashSet()))
        {
            var stat = Stat(pid);
            var ticks = long.Parse(stat[UserTime], CultureInfo.InvariantCulture) + long.Parse(stat[UserTime + 1], CultureInfo.InvariantCulture);
            cost = new ProcessCost(
                cost.Cpu + TimeSpan.FromSeconds((double)ticks / TicksPerSecond), cost.Rss + Memory(pid, "Rss:"), cost.Pss + Memory(pid, "Pss:"));
        }

        return cost;
    }

    private static HashSet<int> WithChildren(HashSet<int> pids)
    {
        foreach (var folder in Directory.GetDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), out var pid) && Stat(pid) is { Length: > Parent } stat
                && pids.Contains(int.Parse(stat[Parent], CultureInfo.InvariantCulture)))
                pids.Add(pid);
        }

        return pids;
    }

    // The fields after the name, which may have blanks in it; none for a process that has ended.
    private static string[] Stat(int pid)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{pid}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return [];
        }
    }

    private static long Memory(int pid, string name)
    {
        var line = File.ReadLines($"/proc/{pid}/smaps_rollup").First(l => l.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }
}
