using System.Globalization;
using Connections.Testing;
using Connections.Testing.Processes;
using Connections.Testing.Tabs;

namespace Connections.Upstream.Tests;

/// <summary>A backend that accepts and drops again is failing, however often it accepts.</summary>
/// <remarks>FLAP_SECONDS makes it go on for longer after the breaker has opened; 5 s by default.</remarks>
public sealed class AFlappingBackend(ITestOutputHelper output) : IAsyncLifetime
{
    // A break is 30 s and grows; after each there is one probe, and chance may spend a second one on it.
    private const int DialsABreak = 2;

    private static readonly TimeSpan ShortestBreak = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Longer = TimeSpan.FromSeconds(int.Parse(Environment.GetEnvironmentVariable("FLAP_SECONDS") ?? "5", CultureInfo.InvariantCulture));

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
        var opening = (await _cluster.Backend.UserAsync("flap")).Dials;
        Assert.InRange(opening, 3, 12);

        await Eventually.StaysAsync(
            () => Task.FromResult(tab.State is not { Breaker.State: "closed" }), "no short-lived connection closes the breaker", Longer);
        var later = (await _cluster.Backend.UserAsync("flap")).Dials - opening;
        output.WriteLine($"{opening} dials until the breaker opened, {later} in {Longer.TotalSeconds:0} s after it");
        Assert.InRange(later, 0, DialsABreak * (int)Math.Ceiling(Longer / ShortestBreak));
    }
}
