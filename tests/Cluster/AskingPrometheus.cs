using Connections.Testing;
using Connections.Testing.Processes;

namespace Connections.Cluster.Tests;

/// <summary>A real Prometheus with the rules of <c>deploy/</c> fetches from real processes, and has an answer for every panel and every alert.</summary>
[Collection(nameof(Alone))]
public sealed class AskingPrometheus(ITestOutputHelper output) : IAsyncLifetime
{
    private const string User = "asked-for";

    private static readonly string Deploy = Path.Combine(Repository.Root, "deploy", "prometheus");

    private readonly GatewayCluster _cluster = new(
        siloSettings: ["Connection:Linger=00:00:01"], backendSettings: ["--Backend:TickInterval=00:00:00.100"]);

    private readonly string _folder = Directory.CreateTempSubdirectory("connections-prometheus-").FullName;
    private readonly int _port = FreePorts.Next();
    private ChildProcess? _process;
    private PrometheusServer _prometheus = null!;

    public async ValueTask InitializeAsync()
    {
        await _cluster.StartAsync();
        await StartPrometheusAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _prometheus?.Dispose();
        if (_process is not null)
            await _process.DisposeAsync();
        await _cluster.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Every_panel_and_every_alert_has_an_answer_after_a_load_and_an_alert_goes_off_when_Redis_is_away()
    {
        await Eventually.HoldsAsync(
            async () => (await _prometheus.TargetsAsync()).Count(t => t.Health == "up") == 4, "all processes are fetched from", TimeSpan.FromSeconds(30), () => _process!.Output);
        var questions = PrometheusServer.Questions("60s");
        Assert.True(questions.Count > 40);

        // A rate is seen of what was there before: the first load makes the series, the second moves them.
        foreach (var user in (string[])[$"{User}-1", $"{User}-2"])
        {
            await MeasuredLoad.RunAsync(_cluster, user);
            await Eventually.HoldsAsync(
                async () => (await _prometheus.QueryAsync("connections_api_call_duration_seconds_count")).Length > 0, "the load was fetched", TimeSpan.FromSeconds(15));
        }

        var silent = Array.Empty<string>();
        await Eventually.HoldsAsync(
            async () => (silent = await SilentAsync(questions)).Length == 0, "every question has an answer", TimeSpan.FromSeconds(30), () => string.Join('\n', silent));

        var alerts = await _prometheus.AlertsAsync();
        Assert.All(alerts, a => Assert.Equal("ok", a.Health));
        Assert.DoesNotContain(alerts, a => a.State == "firing");
        await _cluster.Redis.StopAsync();
        await Eventually.HoldsAsync(
            async () => (await _prometheus.AlertsAsync()).Any(a => a is { Name: "RedisAway", State: "firing" }), "RedisAway goes off", TimeSpan.FromSeconds(60));
        output.WriteLine($"{questions.Count} questions of {alerts.Length} alerts and all panels were answered");
    }

    // Not a number is what a quantile or a ratio of nothing is: no answer.
    private async Task<string[]> SilentAsync(IReadOnlyList<(string Where, string Expression)> questions)
    {
        var silent = new List<string>();
        foreach (var (where, expression) in questions)
        {
            if (!(await _prometheus.QueryAsync(expression)).Any(double.IsFinite))
                silent.Add($"{where}: {expression}");
        }

        return [.. silent];
    }

    // As deploy/prometheus/prometheus.yml, but for where the processes are and how often they are asked.
    private async Task StartPrometheusAsync()
    {
        static string Job(string name, IEnumerable<Uri> targets) =>
            $"  - {{ job_name: {name}, static_configs: [{{ targets: [{string.Join(", ", targets.Select(t => $"\"{t.Authority}\""))}] }}] }}\n";
        var config = Path.Combine(_folder, "prometheus.yml");
        await File.WriteAllTextAsync(config, "global: { scrape_interval: 1s, evaluation_interval: 1s }\n"
            + $"rule_files: [{Path.Combine(Deploy, "alerts.yml")}]\nscrape_configs:\n"
            + Job("silo", _cluster.Silos.Select(s => s.Management)) + Job("webfront", _cluster.Fronts.Select(f => f.Address)));
        var address = new Uri($"http://127.0.0.1:{_port}");
        _process = ChildProcess.Start(
            "prometheus", "prometheus", $"--config.file={config}", $"--storage.tsdb.path={Path.Combine(_folder, "data")}", $"--web.listen-address={address.Authority}");
        await _process.AnswersAsync(new Uri(address, "/-/ready"));
        _prometheus = new PrometheusServer(address);
    }
}
