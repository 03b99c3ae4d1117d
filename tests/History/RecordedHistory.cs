using System.Text.Json;

namespace Connections.Testing.History;

/// <summary>What all processes of a run saw, in one order: each process's own, and between processes that of the clock.</summary>
public sealed class RecordedHistory
{
    /// <summary>How the files of a history end.</summary>
    public const string Extension = ".history.jsonl";

    /// <summary>Makes a history of lines that are here already, as a simulation has them.</summary>
    /// <param name="lines">In any order.</param>
    /// <param name="torn">How many lines could not be read.</param>
    public RecordedHistory(IEnumerable<HistoryLine> lines, int torn = 0)
    {
        Lines = Merge(lines);
        Torn = torn;
    }

    /// <summary>All lines in their order.</summary>
    public IReadOnlyList<HistoryLine> Lines { get; }

    /// <summary>How many files ended in half a line, because their process was killed while it wrote.</summary>
    public int Torn { get; }

    /// <summary>Reads all files of a directory; processes may be writing still.</summary>
    /// <param name="directory">Where <see cref="HistoryWriter.Create"/> made them; folders in it count.</param>
    /// <exception cref="InvalidDataException">A line that is not the last of its file is not of this form.</exception>
    public static RecordedHistory Read(string directory)
    {
        var lines = new List<HistoryLine>();
        var torn = 0;
        foreach (var path in Directory.EnumerateFiles(directory, "*" + Extension, SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            torn += ReadFile(path, lines);
        return new RecordedHistory(lines, torn);
    }

    private static int ReadFile(string path, List<HistoryLine> into)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var text = new StreamReader(file);
        var all = text.ReadToEnd();
        var whole = all[..(all.LastIndexOf('\n') + 1)];
        var number = 0;
        foreach (var line in whole.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            number++;
            try
            {
                into.Add(JsonSerializer.Deserialize<HistoryLine>(line, HistoryJson.Options)!);
            }
            catch (JsonException e)
            {
                throw new InvalidDataException($"{path}:{number} is not a line of a history: {e.Message}", e);
            }
        }

        return whole.Length < all.Length ? 1 : 0;
    }

    // A clock that steps back must not change the order within a process.
    private static HistoryLine[] Merge(IEnumerable<HistoryLine> lines)
    {
        var merged = new List<(long At, HistoryLine Line)>();
        foreach (var process in lines.GroupBy(l => l.Process))
        {
            var at = long.MinValue;
            merged.AddRange(process.OrderBy(l => l.Number).Select(line => (at = Math.Max(at, line.At), line)));
        }

        return [.. merged.OrderBy(m => m.At).ThenBy(m => m.Line.Process, StringComparer.Ordinal).ThenBy(m => m.Line.Number).Select(m => m.Line)];
    }
}
