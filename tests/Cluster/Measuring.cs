using System.Text.RegularExpressions;
using Connections.Testing.Processes;
using Connections.Testing.Tabs;

namespace Connections.Cluster.Tests;

/// <summary>What processes measure is what docs/metrics.md says, dashboards and alerts ask for nothing else, and no label names a user.</summary>
[Collection(nameof(Alone))]
public sealed partial class Measuring(ClusterFixture fixture) : IClassFixture<ClusterFixture>
{
    private const string User = "measured-user";

    private readonly GatewayCluster _cluster = fixture.Cluster;

    [Fact]
    public async Task Every_metric_of_the_page_is_there_after_a_load_and_every_panel_and_alert_asks_for_one()
    {
        await MeasuredLoad.RunAsync(_cluster, User);
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

    /// <summary>What an operator asks of a gateway, and what answers it: a sample that a load has moved, or a gauge that is there.</summary>
    [Fact]
    public async Task What_operators_ask_for_is_measured()
    {
        await MeasuredLoad.RunAsync(_cluster, $"{User}-2");
        await using var open = await HubTab.OpenAsync(_cluster.Fronts[0].Address, $"{User}-2");
        var processes = await Task.WhenAll(_cluster.Silos.Select(s => s.MetricsAsync()).Concat(_cluster.Fronts.Select(f => f.MetricsAsync())));

        (string What, string Metric, string Labels)[] moved =
        [
            ("connections by kind", "connections_tabs", "connections_tab_kind=\"signalr\""),
            ("connection duration, tabs", "connections_tab_lifetime_seconds_count", ""),
            ("connection duration, upstreams", "connections_upstream_lifetime_seconds_count", ""),
            ("frames in", "connections_upstream_frames_total", "network_io_direction=\"receive\""),
            ("frames out", "connections_upstream_frames_total", "network_io_direction=\"transmit\""),
            ("bytes in", "connections_upstream_io_bytes_total", "network_io_direction=\"receive\""),
            ("bytes out", "connections_upstream_io_bytes_total", "network_io_direction=\"transmit\""),
            ("frames to tabs", "connections_tab_frames_total", "network_io_direction=\"transmit\""),
            ("messages from tabs", "connections_tab_frames_total", "network_io_direction=\"receive\""),
            ("bytes to tabs", "connections_tab_io_bytes_total", "network_io_direction=\"transmit\""),
            ("bytes from tabs", "connections_tab_io_bytes_total", "network_io_direction=\"receive\""),
            ("delivery latency, grain to tab", "connections_tab_delivery_duration_seconds_bucket", ""),
            ("reconnects", "connections_tab_opens_total", "connections_open_outcome=\"recovered\""),
            ("resumes that were refused", "connections_tab_opens_total", "connections_open_outcome=\"epoch-changed\""),
            ("dials that opened", "connections_upstream_dials_total", "connections_dial_outcome=\"opened\""),
            ("dials that were refused", "connections_upstream_dials_total", "connections_dial_outcome=\"refused\""),
            ("dial waits", "connections_upstream_dial_wait_duration_seconds_count", ""),
            ("breaker transitions", "connections_breaker_transitions_total", "connections_breaker_to=\"open\""),
            ("breaker state", "connections_breakers", "connections_breaker_state=\"closed\""),
            ("failure rate by endpoint: failures", "connections_api_calls_total", "connections_api_outcome=\"failure\""),
            ("failure rate by endpoint: all", "connections_api_calls_total", "connections_api_route="),
            ("request latency", "http_server_request_duration_seconds_count", "http_route="),
            ("request latency of the backend", "connections_api_call_duration_seconds_count", ""),
            ("outbox outcomes", "connections_outbox_outcomes_total", "connections_outbox_status=\"sent\""),
            ("gaps by reason", "connections_tab_gaps_total", "connections_gap_reason=\"epoch-changed\""),
            ("activations", "connections_user_activations_total", ""),
            ("process memory", "dotnet_process_memory_working_set_bytes", ""),
            ("process CPU", "dotnet_process_cpu_time_seconds_total", ""),
            ("garbage collections", "dotnet_gc_collections_total", ""),
            ("heap", "dotnet_gc_last_collection_heap_size_bytes", ""),
        ];
        (string What, string Metric)[] there =
        [
            ("outbox depth", "connections_outbox_messages"),
            ("recovery success", "connections_breaker_recoveries_total"),
            ("lagging fronts", "connections_links_lagging"),
            ("owner conflicts", "connections_owner_conflicts_total"),
            ("Redis", "connections_store_available"),
        ];

        Assert.DoesNotContain(moved, m => processes.Sum(p => p.Sum(m.Metric, m.Labels)) <= 0);
        Assert.DoesNotContain(there, t => !processes.Any(p => p.Names.Contains(t.Metric)));
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
