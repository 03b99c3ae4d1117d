using Connections.Testing;
using Connections.Testing.Processes;
using Connections.Testing.Tabs;

namespace Connections.Upstream.Tests;

/// <summary>A backend that accepts and drops again is failing, however often it accepts.</summary>
public sealed class AFlappingBackend : IAsyncLifetime
{
    private readonly GatewayCluster _cluster = new(backendSettings: ["--Backend:TickInterval=00:00:00.500"]);

    public async ValueTask InitializeAsync() => await _cluster.StartAsync(silos: 1, fronts: 1);

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Short_lived_connections_open_the_breaker()
    {
        await using var tab = await HubTab.OpenAsync(_cluster.Fronts[0].Address, "flap");
        await Eventually.HoldsAsync(() => tab.State is { Upstream: "open" }, "the upstream is open", seen: _cluster.Output);
        await _cluster.Backend.FaultAsync(new { mode = "flap", upSeconds = 3, downSeconds = 3 });

        await Eventually.HoldsAsync(() => tab.State is { Breaker.State: "open" }, "the breaker is open", TimeSpan.FromSeconds(60), _cluster.Output);
        Assert.Equal("waiting", tab.State!.Upstream);
        Assert.InRange((await _cluster.Backend.UserAsync("flap")).Dials, 3, 12);
    }
}
