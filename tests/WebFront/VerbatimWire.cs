using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using Connections.Testing;
using Connections.Testing.Tabs;

namespace Connections.WebFront.Tests;

/// <summary>The raw WebSocket without a sub-protocol: a drop-in for an app that opens a plain WebSocket.</summary>
public sealed class VerbatimWire(DevelopmentGateway fixture) : IClassFixture<DevelopmentGateway>
{
    private readonly RunningGateway _gateway = fixture.Gateway;
    private readonly string _user = RunningGateway.NewUser();

    [Fact]
    public async Task Messages_pass_as_they_are_both_ways_and_markers_are_not_shown()
    {
        using var tab = await OpenAsync();
        var bytes = RandomNumberGenerator.GetBytes(50_000);

        await _gateway.Backend.PushAsync(_user, "grüß dich");
        var pushed = await tab.ReceiveTextAsync();
        await tab.SendAsync(bytes);
        var echo = await tab.ReceiveAsync();
        await tab.SendAsync("{\"any\":\"thing\"}");
        await tab.ReceiveTextAsync();

        Assert.Null(tab.SubProtocol);
        Assert.Equal("grüß dich", pushed);
        Assert.Equal(WebSocketMessageType.Binary, echo!.Value.Type);
        Assert.Equal(bytes, echo.Value.Payload);
        Assert.Equal("{\"any\":\"thing\"}", (await _gateway.Backend.ReceivedAsync(_user))[^1]);
    }

    [Fact]
    public async Task An_upstream_reconnect_does_not_close_the_tab()
    {
        using var tab = await OpenAsync();

        await _gateway.Backend.DropAsync(_user);
        await Eventually.HoldsAsync(async () => await _gateway.Backend.UserAsync(_user) == (1, 1, 2), "the upstream is open again");
        await _gateway.Backend.PushAsync(_user, "hello again");

        Assert.Equal("hello again", await tab.ReceiveTextAsync());
    }

    [Fact]
    public async Task A_message_that_cannot_be_handed_over_closes_with_4003()
    {
        await _gateway.Backend.FaultAsync(new { mode = "refuse", users = new[] { _user } });
        using var tab = await RawTab.ConnectAsync(_gateway.Address, $"user={_user}");

        await tab.SendAsync("hello");

        Assert.Empty(await tab.UntilClosedAsync());
        Assert.Equal((4003, "rejected"), tab.Closed);
    }

    [Fact]
    public async Task After_a_rejected_message_no_later_one_is_handed_over()
    {
        await _gateway.Backend.FaultAsync(new { mode = "refuse", users = new[] { _user } });
        using var tab = await RawTab.ConnectAsync(_gateway.Address, $"user={_user}");
        await tab.SendAsync("first");
        await tab.UntilClosedAsync();
        await _gateway.Backend.HealAsync();
        await using var other = await HubTab.OpenAsync(_gateway.Address, _user);

        try
        {
            await tab.SendAsync("second");
        }
        catch (WebSocketException)
        {
            // The line is already cut: all the better.
        }

        await Eventually.HoldsAsync(async () => (await other.SendAsync("probe:1", "third")).Status == "sent", "the upstream is open again", TimeSpan.FromSeconds(60));
        await Eventually.HoldsAsync(async () => (await _gateway.Backend.ReceivedAsync(_user)).Contains("third"), "a later message has arrived");
        Assert.Equal(["third"], await _gateway.Backend.ReceivedAsync(_user));
    }

    [Fact]
    public async Task A_message_over_the_limit_closes_with_1009()
    {
        using var tab = await OpenAsync();

        await tab.SendAsync(new byte[100_001]);

        await tab.UntilClosedAsync();
        Assert.Equal(1009, tab.Closed.Code);
    }

    [Fact]
    public async Task A_tab_that_closes_gets_its_close_answered_and_is_gone()
    {
        var tab = await OpenAsync();
        await using var other = await HubTab.OpenAsync(_gateway.Address, _user);
        await Eventually.HoldsAsync(() => other.State?.Tabs == 2, "both tabs are counted");

        Assert.Equal(WebSocketCloseStatus.NormalClosure, await tab.CloseAsync());

        await Eventually.HoldsAsync(() => other.State?.Tabs == 1, "the tab is no longer counted");
        tab.Dispose();
    }

    [Fact]
    public async Task An_unknown_sub_protocol_and_a_plain_request_get_400_with_what_would_be_right()
    {
        var refused = await Assert.ThrowsAsync<WebSocketRefusedException>(() => RawTab.ConnectAsync(_gateway.Address, $"user={_user}", "connections.v9"));
        using var http = new HttpClient();
        using var response = await http.GetAsync(new Uri(_gateway.Address, $"/ws?user={_user}"), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("WebSocket connections only", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private async Task<RawTab> OpenAsync()
    {
        var tab = await RawTab.ConnectAsync(_gateway.Address, $"user={_user}");
        await _gateway.IsOpenAsync(_user);
        return tab;
    }
}
