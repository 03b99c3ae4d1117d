using System.Net;
using System.Net.Http.Json;
using Connections.Testing;
using Connections.Testing.Processes;
using Connections.Testing.Tabs;

namespace Connections.Cluster.Tests;

/// <summary>The breaker of a route is one for all fronts, and outlives them.</summary>
[Collection(nameof(Alone))]
public sealed class SharingApiBreakers(ITestOutputHelper output) : IAsyncLifetime
{
    private readonly GatewayCluster _cluster = new(
        backendSettings: ["--Backend:TickInterval=0"], frontSettings: ["Api:Breaker:BreakDuration=00:00:06", "Api:Breaker:MaxBreakDuration=00:00:06"]);

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(40) };

    public async ValueTask InitializeAsync() => await _cluster.StartAsync(silos: 2, fronts: 3);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task Three_failing_calls_on_one_front_keep_all_fronts_off_a_dead_backend_and_one_probe_closes_it_everywhere()
    {
        foreach (var front in _cluster.Fronts)
            Assert.Equal(HttpStatusCode.OK, await CallAsync(front));
        await _cluster.KillBackendAsync();

        for (var i = 0; i < 3; i++)
            Assert.Equal(HttpStatusCode.BadGateway, await CallAsync(_cluster.Fronts[0]));
        var opened = TimeProvider.System.GetTimestamp();
        await AllAreAsync("open");
        var spread = TimeProvider.System.GetElapsedTime(opened);
        output.WriteLine($"open on all three fronts {spread.TotalMilliseconds:0} ms after the third failure");
        Assert.InRange(spread.TotalMilliseconds, 0, 1_000);

        // The backend counts from zero: every call that reaches it from here on is a probe.
        await _cluster.StartBackendAsync();
        foreach (var front in _cluster.Fronts)
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await CallAsync(front));
        Assert.Equal(0, await _cluster.Backend.ApiCallsAsync());

        // Slow enough for the others to ask while the probe is under way.
        await _cluster.Backend.FaultAsync(new { api = "slow", apiDelaySeconds = 2 });
        await AllAreAsync("half-open");
        var probes = await Task.WhenAll(_cluster.Fronts.Select(CallAsync));
        Assert.Single(probes, HttpStatusCode.OK);
        opened = TimeProvider.System.GetTimestamp();
        await AllAreAsync("closed");
        output.WriteLine($"closed on all three fronts {TimeProvider.System.GetElapsedTime(opened).TotalMilliseconds:0} ms after the one probe");
        Assert.Equal(1, await _cluster.Backend.ApiCallsAsync());
        await _cluster.Backend.HealAsync();
        foreach (var front in _cluster.Fronts)
            Assert.Equal(HttpStatusCode.OK, await CallAsync(front));
    }

    [Fact]
    public async Task An_open_breaker_outlives_a_restart_of_everything()
    {
        await _cluster.Backend.FaultAsync(new { api = "fail", status = 503, retryAfterSeconds = 120 });
        for (var i = 0; i < 3; i++)
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await CallAsync(_cluster.Fronts[0]));
        await AllAreAsync("open");

        // Fronts are told at once; the store a moment later. Others write to it too.
        await Eventually.HoldsAsync(() => _cluster.Redis.HoldsAsync("*apibreaker*", "\"state\":\"open\""), "the open breaker is stored", seen: _cluster.Output);
        await _cluster.Backend.HealAsync();

        await _cluster.Redis.StopAsync();
        await Task.WhenAll(_cluster.Silos.Select(s => s.Process).Concat(_cluster.Fronts.Select(f => f.Process)).Select(p => p.KillAsync()));
        await _cluster.Redis.StartAsync();
        await _cluster.StartSiloAsync();
        var front = await _cluster.StartFrontAsync();
        await _cluster.Backend.ResetAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await CallAsync(front));
        Assert.Equal(0, await _cluster.Backend.ApiCallsAsync());
        using (var reset = await _http.PostAsync(new Uri(front.Address, "/admin/breakers/api/reset?user=operator"), null))
            Assert.Equal(HttpStatusCode.OK, reset.StatusCode);
        await Eventually.HoldsAsync(async () => await CallAsync(front) == HttpStatusCode.OK, "calls pass again", seen: _cluster.Output);
    }

    private async Task<HttpStatusCode> CallAsync(FrontProcess front)
    {
        using var response = await _http.GetAsync(new Uri(front.Address, "/api/hello?user=alice"));
        return response.StatusCode;
    }

    private Task AllAreAsync(string state) => Eventually.HoldsAsync(
        async () => (await Task.WhenAll(_cluster.Fronts.Select(f =>
            _http.GetFromJsonAsync<Dictionary<string, TabApiBreaker[]>>(new Uri(f.Address, "/breakers?user=alice"))))).All(b => b!["breakers"][0].State == state),
        $"the breaker is {state} on all fronts",
        seen: _cluster.Output);
}
