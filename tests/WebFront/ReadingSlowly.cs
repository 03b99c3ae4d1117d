using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Connections.Testing;
using Connections.Testing.Tabs;

namespace Connections.WebFront.Tests;

/// <summary>A tab that stops reading is closed, and holds nobody back.</summary>
public sealed class ReadingSlowly(SharedRedis redis)
{
    private readonly string _user = RunningGateway.NewUser();

    [Theory]
    [InlineData("raw", null)]
    [InlineData("raw", RawTab.Envelopes)]
    [InlineData("hub", null)]
    public async Task A_tab_that_stops_reading_is_closed_and_the_others_get_every_frame(string wayIn, string? subProtocol)
    {
        await using var gateway = await RunningGateway.StartAsync(redis.Server, "Development", "Front:WriteTimeout=00:00:00.500");
        await using var healthy = await HubTab.OpenAsync(gateway.Address, _user);
        using var slow = await ConnectAsync(gateway, wayIn, subProtocol);
        await gateway.IsOpenAsync(_user);
        await Eventually.HoldsAsync(() => healthy.State?.Tabs == 2, "both tabs are counted");

        // Kernel buffers take the first megabytes; it cannot be known how many. Without the write timeout the keep-alive would close the
        // tab too, after 25 s at the earliest.
        using var http = new HttpClient();
        var pushed = 0;
        await Eventually.HoldsAsync(
            async () =>
            {
                (await http.PostAsync(new Uri(gateway.Backend.Address, "/push?count=10&size=20000"), null)).EnsureSuccessStatusCode();
                pushed += 10;
                await Eventually.HoldsAsync(() => Messages(healthy) == pushed, "the healthy tab has every message", seen: () => $"{Messages(healthy)} of {pushed}");
                return healthy.State?.Tabs == 1;
            },
            "the slow tab is closed",
            TimeSpan.FromSeconds(20));

        Assert.Empty(healthy.History.Violations);
        Assert.Empty(healthy.History.Gaps);
        Assert.False(healthy.Closed.IsCompleted);
        await AssertEndsAsync(slow, wayIn);
    }

    [Theory]
    [InlineData("hub", null, "{\"type\":1,\"invocationId\":\"1\",\"target\":\"Open\",\"arguments\":[\"nowhere\"]}\u001e")]
    [InlineData("raw", RawTab.Envelopes, """{"type":"state"}""")]
    public async Task A_tab_that_asks_and_reads_no_answer_is_closed_although_no_frame_waits_for_it(string wayIn, string? subProtocol, string question)
    {
        await using var gateway = await RunningGateway.StartAsync(redis.Server, "Development", "Front:WriteTimeout=00:00:00.500");
        await using var healthy = await HubTab.OpenAsync(gateway.Address, _user);
        using var slow = await ConnectAsync(gateway, wayIn, subProtocol, opens: false);
        await Eventually.HoldsAsync(() => healthy.State?.Tabs == 2, "both tabs are counted");

        var asking = AskAsync();

        await Eventually.HoldsAsync(() => healthy.State?.Tabs == 1, "the tab that reads nothing is closed", TimeSpan.FromSeconds(60));
        await Assert.ThrowsAnyAsync<WebSocketException>(() => asking);

        // Each is answered; how many answers the kernel takes cannot be known.
        async Task AskAsync()
        {
            var bytes = Encoding.UTF8.GetBytes(question);
            while (true)
                await slow.SendAsync(bytes, WebSocketMessageType.Text, true, CancellationToken.None);
        }
    }

    [Fact]
    public async Task The_kernel_takes_no_megabytes_for_a_tab_that_reads_nothing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux alone can be told how much it may keep.");
        await using var gateway = await RunningGateway.StartAsync(redis.Server, "Development", "Front:WriteTimeout=00:00:00.500");
        await using var healthy = await HubTab.OpenAsync(gateway.Address, _user);
        using var slow = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4_096 };
        await slow.ConnectAsync(gateway.Address.Host, gateway.Address.Port, TestContext.Current.CancellationToken);
        await slow.SendAsync(Encoding.ASCII.GetBytes(
            $"GET /ws?user={_user} HTTP/1.1\r\nHost: slow\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"));
        await gateway.IsOpenAsync(_user);
        await Eventually.HoldsAsync(() => healthy.State?.Tabs == 2, "both tabs are counted");

        using var http = new HttpClient();
        (await http.PostAsync(new Uri(gateway.Backend.Address, "/push?count=50&size=20000"), null, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();

        await Eventually.HoldsAsync(() => healthy.State?.Tabs == 1, "the slow tab is closed after a megabyte that it did not read", TimeSpan.FromSeconds(10));
        await Eventually.HoldsAsync(() => Messages(healthy) == 50, "the healthy tab has every message");
    }

    private static int Messages(HubTab tab) => tab.History.Frames.Count(f => f.Kind == "text");

    private async Task<ClientWebSocket> ConnectAsync(RunningGateway gateway, string wayIn, string? subProtocol, bool opens = true)
    {
        var socket = new ClientWebSocket();
        if (subProtocol is not null)
            socket.Options.AddSubProtocol(subProtocol);
        var path = wayIn == "hub" ? "/hubs/connection" : "/ws";
        using var dialler = new HttpMessageInvoker(new SocketsHttpHandler { ConnectCallback = DialAsync });
        await socket.ConnectAsync(new UriBuilder(gateway.Address) { Scheme = "ws", Path = path, Query = $"user={_user}" }.Uri, dialler, CancellationToken.None);
        if (subProtocol is not null)
            await SayAsync("""{"type":"open"}""");
        if (wayIn == "hub")
        {
            await SayAsync("{\"protocol\":\"json\",\"version\":1}\u001e");
            if (opens)
                await SayAsync("{\"type\":1,\"invocationId\":\"1\",\"target\":\"Open\",\"arguments\":[null]}\u001e");
        }

        return socket;

        Task SayAsync(string text) => socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, CancellationToken.None);
    }

    // The kernel is to keep little for a tab that does not read.
    private static async ValueTask<Stream> DialAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4_096 };
        await socket.ConnectAsync(context.DnsEndPoint, ct);
        return new NetworkStream(socket, ownsSocket: true);
    }

    // What is in the kernel's buffers is still there to read; then the line ends, with a close or without.
    private static async Task AssertEndsAsync(ClientWebSocket socket, string wayIn)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        var buffer = new byte[64 << 10];
        try
        {
            while ((await socket.ReceiveAsync(buffer.AsMemory(), limit.Token)).MessageType != WebSocketMessageType.Close)
            {
            }

            // SignalR says why in a message of its own, and always closes with 1000.
            Assert.Equal(wayIn == "hub" ? 1000 : 4001, (int?)socket.CloseStatus);
        }
        catch (WebSocketException)
        {
            // The line was cut: a close frame would have had to wait behind what was not read.
        }
    }
}
