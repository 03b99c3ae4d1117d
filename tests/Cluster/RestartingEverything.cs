using Connections.Testing;
using Connections.Testing.Processes;
using Connections.Testing.Tabs;

namespace Connections.Cluster.Tests;

/// <summary>What outlives every process: the breaker and the generation.</summary>
public sealed class RestartingEverything : IAsyncLifetime
{
    private const string User = "persistent";

    private readonly GatewayCluster _cluster = new(backendSettings: ["--Backend:TickInterval=00:00:00.100"]);

    public async ValueTask InitializeAsync() => await _cluster.StartAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task A_breaker_opened_by_a_dead_backend_is_still_open_with_the_remaining_time_after_a_restart()
    {
        await _cluster.Backend.FaultAsync(new { mode = "refuse", status = 503 });
        long remaining, generation, before;
        await using (var tab = await HubTab.OpenAsync(_cluster.Fronts[0].Address, User))
        {
            await Eventually.HoldsAsync(() => tab.State?.Breaker.State == "open", "three refused dials open the breaker", seen: _cluster.Output);
            before = TimeProvider.System.GetTimestamp();
            var state = await tab.AskStateAsync();
            (remaining, generation) = (state.Breaker.RetryAfterMs!.Value, state.Generation);
            Assert.InRange(remaining, 20_000, 33_000);
            Assert.Equal("queued", (await tab.SendAsync("c:1", "for later")).Status);
        }

        await _cluster.Redis.StopAsync();
        await Task.WhenAll(_cluster.Silos.Select(s => s.Process).Concat(_cluster.Fronts.Select(f => f.Process)).Select(p => p.KillAsync()));
        await _cluster.Redis.StartAsync();
        await _cluster.StartSiloAsync();
        var front = await _cluster.StartFrontAsync();
        await _cluster.Backend.ResetAsync();

        await using (var tab = await HubTab.OpenAsync(front.Address, User))
        {
            var state = await tab.AskStateAsync();
            var expected = remaining - (long)TimeProvider.System.GetElapsedTime(before).TotalMilliseconds;
            Assert.Equal("open", state.Breaker.State);
            Assert.InRange(state.Breaker.RetryAfterMs!.Value, expected - 2_000, expected + 2_000);
            Assert.Equal(generation + 1, state.Generation);
            Assert.Equal(0, await _cluster.Backend.DialsAsync());

            await _cluster.Backend.HealAsync();
            await Eventually.HoldsAsync(
                () => tab.State is { Upstream: "open" }, "the probe after the break opens the upstream", TimeSpan.FromSeconds(40), _cluster.Output);
            await Eventually.HoldsAsync(() => tab.State is { Breaker.State: "closed" }, "and closes the breaker", TimeSpan.FromSeconds(15), _cluster.Output);
        }
    }
}
