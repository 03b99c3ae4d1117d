using System.Globalization;

namespace Connections.Testing.Processes;

/// <summary>What a process had at <c>/metrics</c>, in the form of Prometheus.</summary>
public sealed class PrometheusFigures
{
    private readonly List<(string Name, string Labels, double Value)> _samples = [];

    private PrometheusFigures(string text)
    {
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => l[0] != '#'))
        {
            var end = line.LastIndexOf('}');
            var parts = line[(end + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var name = end < 0 ? parts[0] : line[..line.IndexOf('{', StringComparison.Ordinal)];
            var value = parts[end < 0 ? 1 : 0];
            _samples.Add((name, end < 0 ? "" : line[name.Length..(end + 1)], double.Parse(value, CultureInfo.InvariantCulture)));
        }
    }

    /// <summary>The names, with the suffixes of histograms.</summary>
    public IReadOnlySet<string> Names => _samples.Select(s => s.Name).ToHashSet();

    /// <summary>Every label of every sample, as written.</summary>
    public IEnumerable<string> Labels => _samples.Select(s => s.Labels);

    /// <summary>Reads them.</summary>
    public static async Task<PrometheusFigures> ReadAsync(Uri process)
    {
        using var http = new HttpClient { BaseAddress = process };
        return new PrometheusFigures(await http.GetStringAsync(new Uri("/metrics", UriKind.Relative)));
    }

    /// <summary>The sum over all samples of a name whose labels have a text in them; 0 when there is none.</summary>
    public double Sum(string name, string labels = "") =>
        _samples.Where(s => s.Name == name && s.Labels.Contains(labels, StringComparison.Ordinal)).Sum(s => s.Value);
}
