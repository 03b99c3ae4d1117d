using System.Net.WebSockets;
using System.Text;
using Connections.Testing;
using Connections.Testing.Tabs;

namespace Connections.WebFront.Tests;

/// <summary>How a SignalR tab without negotiation, which has its own line, is kept and given up: as SignalR does it with any other.</summary>
public sealed class KeepingHubTabs(DevelopmentGateway fixture) : IClassFixture<DevelopmentGateway>
{
    // A client is given up after 30 s, and the server pings after 10 s without a message.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    private readonly RunningGateway _gateway = fixture.Gateway;
    private readonly string _user = RunningGateway.NewUser();

    [Fact]
    public async Task A_tab_that_says_nothing_is_pinged_and_given_up_with_a_close()
    {
        using var tab = await ShakeHandsAsync();
        await SayAsync(tab, """{"type":6}""");
        List<string> heard = [];
        while (await HearAsync(tab) is { } message)
            heard.Add(message);

        Assert.Equal("{}", heard[0]);
        Assert.True(heard.Count(m => m == """{"type":6}""") >= 2, string.Join('\n', heard));
        Assert.Equal(WebSocketCloseStatus.NormalClosure, tab.CloseStatus);
    }

    [Fact]
    public async Task A_tab_that_closes_is_answered_and_no_longer_counted()
    {
        await using var other = await HubTab.OpenAsync(_gateway.Address, _user);
        using var tab = await ShakeHandsAsync();
        await Eventually.HoldsAsync(() => other.State?.Tabs == 2, "both tabs are counted");

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        await tab.CloseAsync(WebSocketCloseStatus.NormalClosure, "", limit.Token);

        Assert.Equal(WebSocketCloseStatus.NormalClosure, tab.CloseStatus);
        await Eventually.HoldsAsync(() => other.State?.Tabs == 1, "one tab is left");
    }

    [Theory]
    [InlineData("""{"protocol":"morse","version":1}""")]
    [InlineData("""{"protocol":"json","version":99}""")]
    public async Task A_handshake_that_cannot_be_answered_is_told_why_and_closed(string handshake)
    {
        using var tab = await ConnectAsync();
        await SayAsync(tab, handshake);

        Assert.Contains("\"error\"", await HearAsync(tab), StringComparison.Ordinal);
        while (await HearAsync(tab) is not null)
        {
        }

        Assert.Equal(WebSocketCloseStatus.NormalClosure, tab.CloseStatus);
    }

    private async Task<ClientWebSocket> ConnectAsync()
    {
        var tab = new ClientWebSocket();
        tab.Options.KeepAliveInterval = Timeout.InfiniteTimeSpan;
        await tab.ConnectAsync(new UriBuilder(_gateway.Address) { Scheme = "ws", Path = "/hubs/connection", Query = $"user={_user}" }.Uri, CancellationToken.None);
        return tab;
    }

    private async Task<ClientWebSocket> ShakeHandsAsync()
    {
        var tab = await ConnectAsync();
        await SayAsync(tab, """{"protocol":"json","version":1}""");
        return tab;
    }

    private static Task SayAsync(ClientWebSocket tab, string text) =>
        tab.SendAsync(Encoding.UTF8.GetBytes(text + '\u001e'), WebSocketMessageType.Text, true, CancellationToken.None);

    // Null is the end.
    private static async Task<string?> HearAsync(ClientWebSocket tab)
    {
        using var limit = new CancellationTokenSource(Patience);
        var buffer = new byte[16 << 10];
        var read = await tab.ReceiveAsync(buffer.AsMemory(), limit.Token);
        return read.MessageType is WebSocketMessageType.Close ? null : Encoding.UTF8.GetString(buffer.AsSpan(0, read.Count)).TrimEnd('\u001e');
    }
}
