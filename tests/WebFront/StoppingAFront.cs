using System.Net.WebSockets;
using System.Text.Json;
using Connections.Testing;
using Connections.Testing.Processes;
using Connections.Testing.Tabs;

namespace Connections.WebFront.Tests;

/// <summary>A front that is asked to stop tells every tab to come again, and when. Only a real process is asked with a signal.</summary>
public sealed class StoppingAFront
{
    private readonly string _user = RunningGateway.NewUser();

    [Fact]
    public async Task Every_tab_is_told_going_away_and_when_to_come_again()
    {
        await using var cluster = new GatewayCluster();
        await cluster.StartAsync(silos: 1, fronts: 1);
        var front = cluster.Fronts[0];
        await using var hub = await HubTab.OpenAsync(front.Address, _user);
        var (envelopes, _) = await RawTab.OpenAsync(front.Address, _user);
        using var verbatim = await RawTab.ConnectAsync(front.Address, $"user={_user}");
        await Eventually.HoldsAsync(() => hub.State?.Tabs == 3, "all tabs are counted");

        var stopping = front.Process.TerminateAsync(TimeSpan.FromSeconds(15));
        var messages = await envelopes.UntilClosedAsync();
        await verbatim.UntilClosedAsync();
        await Eventually.HoldsAsync(() => hub.Closing is not null && hub.Closed.IsCompleted, "the hub's tab is told and closed");

        var closing = JsonDocument.Parse(messages[^1]).RootElement;
        Assert.Equal(("closing", "going-away"), (closing.GetProperty("type").GetString(), closing.GetProperty("reason").GetString()));
        Assert.InRange(closing.GetProperty("retryAfterMs").GetInt64(), 0, 3_000);
        Assert.Equal((4000, "going-away"), envelopes.Closed);
        Assert.Equal((4000, "going-away"), verbatim.Closed);
        Assert.Equal("going-away", hub.Closing?.Reason);
        Assert.InRange(hub.Closing!.Value.RetryAfterMs!.Value, 0, 3_000);
        Assert.Equal(0, await stopping);
        envelopes.Dispose();
    }

    [Fact]
    public async Task A_line_over_which_nobody_has_shaken_hands_does_not_hold_the_stop_up()
    {
        await using var cluster = new GatewayCluster();
        await cluster.StartAsync(silos: 1, fronts: 1);
        var front = cluster.Fronts[0];
        using var silent = new ClientWebSocket();
        await silent.ConnectAsync(
            new UriBuilder(front.Address) { Scheme = "ws", Path = "/hubs/connection", Query = $"user={_user}" }.Uri, TestContext.Current.CancellationToken);

        // A handshake may take 15 s.
        Assert.Equal(0, await front.Process.TerminateAsync(TimeSpan.FromSeconds(10)));
    }
}
