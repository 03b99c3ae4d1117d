using System.Net;
using System.Text.Json;
using Connections.Testing;
using Connections.Testing.Processes;

namespace Connections.Cluster.Tests;

/// <summary>What processes say of themselves on their management port, before they have started, while they work, and while they leave.</summary>
public sealed class AskingForHealth : IAsyncLifetime
{
    private readonly RedisServer _redis = new();
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(5) };
    private readonly int _management = FreePorts.Next();
    private readonly int _port = FreePorts.Next();

    public async ValueTask InitializeAsync() => await _redis.StartAsync();

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task A_front_without_a_silo_lives_and_says_what_it_waits_for()
    {
        await using var front = ChildProcess.StartProject("front", "WebFront", Settings());
        await front.AnswersAsync(new Uri($"http://127.0.0.1:{_management}/health/live"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await AskAsync("startup")).Status);
        var (status, body) = await AskAsync("ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("No silo gateway is connected", body.GetProperty("checks").GetProperty("gateway").GetProperty("why").GetString(), StringComparison.Ordinal);
        await front.AnswersAsync(new Uri($"http://127.0.0.1:{_management}/metrics"));

        // A tab is told to come again and is not kept waiting.
        using var refused = await _http.PostAsync(new Uri($"http://127.0.0.1:{_port}/hubs/connection/negotiate?negotiateVersion=1&user=early"), null);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal(0, await front.TerminateAsync(TimeSpan.FromSeconds(15)));
    }

    [Fact]
    public async Task A_silo_is_not_ready_while_Redis_is_away_and_the_probe_of_the_container_says_so()
    {
        string[] settings =
        [
            .. Settings(), "--Silo:AdvertisedAddress=127.0.0.1", $"--Silo:SiloPort={FreePorts.Next()}", $"--Silo:GatewayPort={FreePorts.Next()}",
        ];
        await using var silo = ChildProcess.StartProject("silo", "Silo", settings);
        await silo.AnswersAsync(new Uri($"http://127.0.0.1:{_management}/health/ready"));
        Assert.Equal(0, await ProbeAsync());

        await _redis.StopAsync();
        await Eventually.HoldsAsync(async () => (await AskAsync("ready")).Status is HttpStatusCode.ServiceUnavailable, "the silo is not ready", TimeSpan.FromSeconds(30));
        Assert.Contains("Redis does not answer", (await AskAsync("ready")).Body.GetProperty("checks").GetProperty("store").GetProperty("why").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, await ProbeAsync());
        Assert.Equal(HttpStatusCode.OK, (await AskAsync("live")).Status);

        await _redis.StartAsync();
        await Eventually.HoldsAsync(async () => (await AskAsync("ready")).Status is HttpStatusCode.OK, "the silo is ready again", TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_front_that_was_asked_to_stop_is_not_ready_before_anything_else_happens_and_takes_no_new_tab()
    {
        await using var cluster = new GatewayCluster();
        await cluster.StartAsync(silos: 1, fronts: 0);
        string[] settings =
        [
            "--urls", $"http://127.0.0.1:{_port}", $"--ConnectionStrings:redis={cluster.Redis.ConnectionString}", $"--Management:Port={_management}",
            "--Drain:Delay=00:00:05",
        ];
        await using var front = ChildProcess.StartProject("front", "WebFront", settings);
        await front.AnswersAsync(new Uri($"http://127.0.0.1:{_management}/health/ready"));
        await using var tab = await Testing.Tabs.HubTab.OpenAsync(new Uri($"http://127.0.0.1:{_port}"), "stays");

        front.Terminate();
        await Eventually.HoldsAsync(async () => (await AskAsync("ready")).Status is HttpStatusCode.ServiceUnavailable, "the front is not ready");
        using var refused = await _http.PostAsync(new Uri($"http://127.0.0.1:{_port}/hubs/connection/negotiate?negotiateVersion=1&user=late"), null);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Null(tab.Closing);

        await tab.Closed;
        Assert.Equal("going-away", tab.Closing?.Reason);
        await Eventually.HoldsAsync(() => front.HasExited, "the front has stopped");
        Assert.Equal(0, front.ExitCode);
    }

    private string[] Settings() =>
        ["--urls", $"http://127.0.0.1:{_port}", $"--ConnectionStrings:redis={_redis.ConnectionString}", $"--Management:Port={_management}"];

    private async Task<int> ProbeAsync()
    {
        await using var probe = ChildProcess.StartProject("probe", "Silo", ["--health", $"--Management:Port={_management}"]);
        await Eventually.HoldsAsync(() => probe.HasExited, "the probe has ended");
        return probe.ExitCode;
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> AskAsync(string what)
    {
        using var response = await _http.GetAsync(new Uri($"http://127.0.0.1:{_management}/health/{what}"));
        return (response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement);
    }
}
