using Connections.Testing;
using Connections.Testing.Processes;
using Connections.Testing.Tabs;

namespace Connections.Upstream.Tests;

/// <summary>A backend that holds its connections and does not do its part: found in time, and the tabs are told.</summary>
[Collection(nameof(Alone))]
public sealed class AHalfOpenBackend(ImpatientGateways gateways, ITestOutputHelper output) : IClassFixture<ImpatientGateways>
{
    private static readonly TimeSpan KeepAliveInterval = ImpatientGateways.KeepAliveInterval;
    private static readonly TimeSpan KeepAliveTimeout = ImpatientGateways.KeepAliveTimeout;
    private static readonly TimeSpan ConnectTimeout = ImpatientGateways.ConnectTimeout;
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(1);

    private GatewayCluster? _cluster;

    [Theory]
    [InlineData("stall", false)]
    [InlineData("stall", true)]
    [InlineData("stop-reading", false)]
    [InlineData("stop-reading", true)]
    public async Task One_that_never_answers_pings_is_found_even_if_it_talks(string mode, bool http2)
    {
        await using var tab = await OpenAsync(http2);

        await _cluster!.Backend.FaultAsync(new { mode });
        await IsFoundAsync(tab, $"{mode}, HTTP/{(http2 ? 2 : 1)}");

        await _cluster.Backend.HealAsync();
        await IsBackAsync(tab);
    }

    [Fact]
    public async Task One_that_is_stopped_is_found_and_dialled_again_when_it_goes_on()
    {
        await using var tab = await OpenAsync();

        _cluster!.FreezeBackend();
        await IsFoundAsync(tab, "SIGSTOP");
        await GivesUpDialsAsync(tab);

        _cluster.ThawBackend();
        await IsBackAsync(tab);
    }

    [Fact]
    public async Task One_that_accepts_and_never_answers_the_dial_is_given_up()
    {
        await using var tab = await OpenAsync();

        await _cluster!.Backend.FaultAsync(new { mode = "stall-accept" });
        await _cluster.Backend.DropAsync();
        await GivesUpDialsAsync(tab);

        await _cluster.Backend.HealAsync();
        await IsBackAsync(tab);
    }

    private async Task<HubTab> OpenAsync(bool http2 = false)
    {
        _cluster = await gateways.OverAsync(http2);
        var tab = await HubTab.OpenAsync(_cluster.Fronts[0].Address, $"half-open-{Guid.NewGuid():N}");
        await Eventually.HoldsAsync(() => tab.State is { Upstream: "open" }, "the upstream is open", seen: _cluster.Output);

        // Some pings have been answered: what follows is not about the first one.
        await Eventually.StaysAsync(() => Task.FromResult(tab.State is { Upstream: "open" }), "an upstream that answers stays open", KeepAliveInterval + KeepAliveTimeout + Slack);
        return tab;
    }

    private async Task IsFoundAsync(HubTab tab, string what)
    {
        var started = TimeProvider.System.GetTimestamp();
        await Eventually.HoldsAsync(
            () => tab.State is { Upstream: not "open" } && tab.History.Frames.Any(f => f.Kind == "upstream-closed"), "the tab is told", seen: _cluster!.Output);
        var found = TimeProvider.System.GetElapsedTime(started);
        var marker = tab.History.Frames.First(f => f.Kind == "upstream-closed");
        output.WriteLine($"{what}: found after {found.TotalSeconds:0.00} s: {marker.Text}");

        Assert.InRange(found, TimeSpan.Zero, KeepAliveInterval + KeepAliveTimeout + Slack);
        Assert.Contains("\"code\":1006", marker.Text, StringComparison.Ordinal);
        Assert.Contains("no pong within 1 s", marker.Text, StringComparison.Ordinal);
    }

    private async Task GivesUpDialsAsync(HubTab tab)
    {
        await Eventually.HoldsAsync(() => tab.State is { Upstream: "connecting" }, "it is dialled", seen: _cluster!.Output);
        var started = TimeProvider.System.GetTimestamp();
        await Eventually.HoldsAsync(() => tab.State is { Upstream: "waiting" }, "the dial is given up", seen: _cluster.Output);
        var given = TimeProvider.System.GetElapsedTime(started);
        output.WriteLine($"a dial without an answer: given up after {given.TotalSeconds:0.00} s: {tab.State!.Reason}");

        Assert.InRange(given, TimeSpan.Zero, ConnectTimeout + Slack);
        Assert.Equal("dial failed: no answer within 2 s", tab.State!.Reason);
    }

    private async Task IsBackAsync(HubTab tab)
    {
        await Eventually.HoldsAsync(() => tab.State is { Upstream: "open" }, "the upstream is open again", TimeSpan.FromSeconds(30), _cluster!.Output);
        Assert.Empty(tab.History.Violations);
        Assert.Empty(tab.History.Gaps);
    }
}
