using System.Text.RegularExpressions;
using Connections.Testing;
using Connections.Testing.Processes;
using Connections.Testing.Tabs;

namespace Connections.Cluster.Tests;

/// <summary>What processes measure is what docs/metrics.md says, dashboards and alerts ask for nothing else, and no label names a user.</summary>
public sealed partial class Measuring(ClusterFixture fixture) : IClassFixture<ClusterFixture>
{
    private const string User = "measured-user";

    private readonly GatewayCluster _cluster = fixture.Cluster;

    [Fact]
    public async Task Every_metric_of_the_page_is_there_after_a_load_and_every_panel_and_alert_asks_for_one()
    {
        await LoadAsync();
        var processes = await Task.WhenAll(_cluster.Silos.Select(s => s.MetricsAsync()).Concat(_cluster.Fronts.Select(f => f.MetricsAsync())));
        var there = processes.SelectMany(p => p.Names).ToHashSet();
        var written = Written().Matches(Read("docs/metrics.md")).Select(m => m.Groups[1].Value).ToArray();

        Assert.True(written.Length > 30);
        var missing = written.Where(w => !there.Contains(w) && !there.Contains($"{w}_bucket")).ToArray();
        var unwritten = there.Where(t => t.StartsWith("connections_", StringComparison.Ordinal)).Select(WithoutSuffix).Except(written).ToArray();
        Assert.Empty(missing);
        Assert.Empty(unwritten);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "deploy"), "*.*", SearchOption.AllDirectories)
            .Where(f => f.EndsWith(".json", StringComparison.Ordinal) || f.EndsWith("alerts.yml", StringComparison.Ordinal)))
        {
            var asked = Queries(file).SelectMany(q => Metric().Matches(Label().Replace(q, "")).Select(m => m.Value)).Distinct().ToArray();
            Assert.NotEmpty(asked);
            Assert.Equal([], asked.Where(a => !there.Contains(a)).Select(a => $"{Path.GetFileName(file)} asks for {a}"));
        }

        Assert.All(processes, p => Assert.DoesNotContain(p.Labels, l => l.Contains(User, StringComparison.Ordinal)));
    }

    private async Task LoadAsync()
    {
        var history = new TabHistory();
        await using (var first = await HubTab.OpenAsync(_cluster.Fronts[0].Address, User, history))
        {
            await Eventually.HoldsAsync(() => history.Count > 3, "the tab has frames", seen: _cluster.Output);
            Assert.Equal("sent", (await first.SendAsync("measure:1", "hello")).Status);
        }

        await using var resumed = await HubTab.OpenAsync(_cluster.Fronts[0].Address, User, history);
        await using var other = await HubTab.OpenAsync(_cluster.Fronts[1].Address, User);
        await _cluster.Backend.FaultAsync(new { mode = "refuse", status = 503, users = new[] { User } });
        await _cluster.Backend.DropAsync(User);
        await Eventually.HoldsAsync(() => other.State?.Breaker.State == "open", "the user's breaker is open", TimeSpan.FromSeconds(30), _cluster.Output);
        await _cluster.Backend.HealAsync();
    }

    private static IEnumerable<string> Queries(string file) =>
        file.EndsWith(".json", StringComparison.Ordinal)
            ? Expression().Matches(File.ReadAllText(file)).Select(m => m.Groups[1].Value)
            : AlertExpression().Matches(File.ReadAllText(file)).Select(m => m.Groups[1].Value);

    private static string Read(string path) => File.ReadAllText(Path.Combine(Repository.Root, path));

    private static string WithoutSuffix(string name) => HistogramSuffix().Replace(name, "");

    [GeneratedRegex(@"^\| `connections[\w.]+` \| `(connections_\w+)` \|", RegexOptions.Multiline)]
    private static partial Regex Written();

    [GeneratedRegex(@"_(bucket|sum|count)$")]
    private static partial Regex HistogramSuffix();

    // What stands in braces, and what sums are grouped by, are labels and no metrics.
    [GeneratedRegex(@"\{.*?\}|by \(.*?\)")]
    private static partial Regex Label();

    [GeneratedRegex(@"\b(connections|http_server|dotnet)_\w+")]
    private static partial Regex Metric();

    [GeneratedRegex(@"""expr"": ""((?:[^""\\]|\\.)*)""")]
    private static partial Regex Expression();

    [GeneratedRegex(@"expr: (.*?)\n *(?:for|labels):", RegexOptions.Singleline)]
    private static partial Regex AlertExpression();
}
