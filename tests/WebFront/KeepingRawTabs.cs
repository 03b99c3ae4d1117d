using System.Diagnostics;
using System.Net.WebSockets;
using Connections.Testing;
using Connections.Testing.Tabs;
using Connections.WebFront.Lines;

namespace Connections.WebFront.Tests;

/// <summary>How a plain WebSocket is kept and given up: one that is still there answers a ping, whatever its app does.</summary>
public sealed class KeepingRawTabs(DevelopmentGateway fixture) : IClassFixture<DevelopmentGateway>
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(Silence.BeatsToAsk + Silence.BeatsToGiveUp);
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(15);

    private readonly RunningGateway _gateway = fixture.Gateway;
    private readonly string _user = RunningGateway.NewUser();

    [Theory]
    [InlineData(null)]
    [InlineData(RawTab.Envelopes)]
    public async Task A_tab_that_answers_no_ping_is_given_up_and_one_that_only_listens_is_not(string? subProtocol)
    {
        await using var counting = await HubTab.OpenAsync(_gateway.Address, _user);
        using var gone = await ConnectAsync(subProtocol);
        using var listening = await ConnectAsync(subProtocol);
        var hears = HearAsync(listening, "still there?");
        await Eventually.HoldsAsync(() => counting.State?.Tabs == 3, "all three are counted");
        var opened = Stopwatch.GetTimestamp();

        // A socket that nobody reads from answers nothing, as one whose machine has gone.
        await Eventually.HoldsAsync(() => counting.State?.Tabs == 2, "the one that answers nothing has been given up", Longest + Slack);
        await Eventually.StaysAsync(
            () => Task.FromResult(counting.State?.Tabs == 2), "the one that listens is kept", Longest + TimeSpan.FromSeconds(2) - Stopwatch.GetElapsedTime(opened));
        await _gateway.Backend.PushAsync(_user, "still there?");

        await hears;
    }

    private async Task<ClientWebSocket> ConnectAsync(string? subProtocol)
    {
        var tab = new ClientWebSocket();
        tab.Options.KeepAliveInterval = Timeout.InfiniteTimeSpan;
        if (subProtocol is not null)
            tab.Options.AddSubProtocol(subProtocol);
        await tab.ConnectAsync(new UriBuilder(_gateway.Address) { Scheme = "ws", Path = "/ws", Query = $"user={_user}" }.Uri, CancellationToken.None);
        if (subProtocol is not null)
            await tab.SendAsync("""{"type":"open"}"""u8.ToArray(), WebSocketMessageType.Text, true, CancellationToken.None);
        return tab;
    }

    private static async Task HearAsync(ClientWebSocket tab, string text)
    {
        using var limit = new CancellationTokenSource(Longest + (2 * Slack));
        var buffer = new byte[16 << 10];
        while (true)
        {
            var read = await tab.ReceiveAsync(buffer.AsMemory(), limit.Token);
            Assert.NotEqual(WebSocketMessageType.Close, read.MessageType);
            if (System.Text.Encoding.UTF8.GetString(buffer.AsSpan(0, read.Count)).Contains(text, StringComparison.Ordinal))
                return;
        }
    }
}
