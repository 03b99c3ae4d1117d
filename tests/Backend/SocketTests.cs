using System.Net;
using System.Net.WebSockets;

namespace Connections.Backend.Tests;

public sealed class SocketTests
{
    [Fact]
    public async Task Text_is_echoed_with_the_users_number_and_binary_as_it_is()
    {
        await using var backend = await RunningBackend.StartAsync();
        var socket = await backend.DialAsync("u1");

        await socket.SendAsync("x \"ü\"");
        var echo = await socket.ReceiveJsonAsync();
        await socket.SendAsync([1, 2, 3]);
        var (type, payload) = await socket.ReceiveAsync();

        Assert.Equal("echo", echo.GetProperty("type").GetString());
        Assert.Equal("u1", echo.GetProperty("user").GetString());
        Assert.Equal(1, echo.GetProperty("n").GetInt64());
        Assert.Equal("x \"ü\"", echo.GetProperty("data").GetString());
        Assert.Equal(WebSocketMessageType.Binary, type);
        Assert.Equal([1, 2, 3], payload);
    }

    [Fact]
    public async Task An_empty_and_a_large_message_are_echoed_whole()
    {
        await using var backend = await RunningBackend.StartAsync();
        var socket = await backend.DialAsync("u1");
        var large = new string('a', 100_000);

        await socket.SendAsync("");
        Assert.Equal("", (await socket.ReceiveJsonAsync()).GetProperty("data").GetString());
        await socket.SendAsync(large);
        Assert.Equal(large, (await socket.ReceiveJsonAsync()).GetProperty("data").GetString());
    }

    [Fact]
    public async Task A_message_over_the_limit_closes_with_1009()
    {
        await using var backend = await RunningBackend.StartAsync("--Backend:MaxMessageBytes", "1000");
        var socket = await backend.DialAsync("u1");

        await socket.SendAsync(new string('a', 200_000));

        await socket.ExpectCloseAsync(1009);
    }

    [Fact]
    public async Task Ticks_come_by_themselves()
    {
        await using var backend = await RunningBackend.StartAsync("--Backend:TickInterval", "00:00:00.020");
        var socket = await backend.DialAsync("u1");

        for (var n = 1; n <= 5; n++)
        {
            var tick = await socket.ReceiveJsonAsync();
            Assert.Equal("tick", tick.GetProperty("type").GetString());
            Assert.Equal(n, tick.GetProperty("n").GetInt64());
            Assert.True(tick.GetProperty("at").GetInt64() > 1_700_000_000_000);
        }
    }

    [Fact]
    public async Task Numbers_go_on_without_a_hole_over_reconnects()
    {
        await using var backend = await RunningBackend.StartAsync();
        var next = 1L;
        for (var round = 0; round < 5; round++)
        {
            var socket = await backend.DialAsync("u1");
            await socket.SendAsync("!burst 100");
            for (var i = 0; i < 100; i++)
                Assert.Equal(next++, await socket.ReceiveNumberAsync());
            await socket.CloseAsync();
        }
    }

    [Fact]
    public async Task Two_connections_of_a_user_share_the_numbers()
    {
        await using var backend = await RunningBackend.StartAsync();
        var (first, second) = (await backend.DialAsync("u1"), await backend.DialAsync("u1"));

        await backend.PostAsync("/push?count=50");
        var numbers = new List<long>();
        for (var i = 0; i < 50; i++)
        {
            numbers.Add(await first.ReceiveNumberAsync());
            numbers.Add(await second.ReceiveNumberAsync());
        }

        Assert.Equal(Enumerable.Range(1, 100).Select(n => (long)n), numbers.Order());
    }

    [Fact]
    public async Task Commands_shape_what_the_connection_sends()
    {
        await using var backend = await RunningBackend.StartAsync();
        var socket = await backend.DialAsync("u1");

        await socket.SendAsync("!size 100000");
        Assert.Equal(100_000, (await socket.ReceiveTextAsync()).Length);
        await socket.SendAsync("!size 10");
        Assert.Equal("xxxxxxxxxx", await socket.ReceiveTextAsync());
        await socket.SendAsync("!binary 16");
        Assert.Equal(16, (await socket.ReceiveAsync()).Payload.Length);
        await socket.SendAsync("!fragment abcdef");
        var first = await socket.ReceiveFrameAsync();
        Assert.False(first.EndOfMessage);
        Assert.Equal("abcdef", (char)first.Payload[0] + await socket.ReceiveTextAsync());
        await socket.SendAsync("!nonsense");
        Assert.Equal("error", (await socket.ReceiveJsonAsync()).GetProperty("type").GetString());
    }

    [Fact]
    public async Task The_close_command_sends_what_is_queued_and_then_closes()
    {
        await using var backend = await RunningBackend.StartAsync();
        var socket = await backend.DialAsync("u1");

        await socket.SendAsync("!burst 20");
        await socket.SendAsync("!close 4001 go away now");

        for (var n = 1; n <= 20; n++)
            Assert.Equal(n, await socket.ReceiveNumberAsync());
        await socket.ExpectCloseAsync(4001, "go away now");
    }

    [Fact]
    public async Task The_abort_command_ends_without_a_close_frame()
    {
        await using var backend = await RunningBackend.StartAsync();
        var socket = await backend.DialAsync("u1");

        await socket.SendAsync("!abort");

        await socket.ExpectAbortAsync();
    }

    [Fact]
    public async Task The_first_offered_sub_protocol_is_taken()
    {
        await using var backend = await RunningBackend.StartAsync();

        var socket = await backend.DialAsync("u1", dial =>
        {
            dial.Options.AddSubProtocol("b.v2");
            dial.Options.AddSubProtocol("a.v1");
        });

        Assert.Equal("b.v2", socket.SubProtocol);
    }

    [Fact]
    public async Task A_plain_request_gets_a_problem()
    {
        await using var backend = await RunningBackend.StartAsync();

        using var response = await backend.Http.GetAsync("/ws/u1", Deadline.Token);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task A_dial_without_the_token_gets_401()
    {
        await using var backend = await RunningBackend.StartAsync("--Backend:RequireToken", "secret");

        var refused = await Assert.ThrowsAsync<DialRefusedException>(() => backend.DialAsync("u1"));
        await backend.DialAsync("u1", dial => dial.Options.SetRequestHeader("Authorization", "Bearer secret"));

        Assert.Equal(HttpStatusCode.Unauthorized, refused.Status);
    }

    [Fact]
    public async Task Received_messages_are_kept_with_their_connection()
    {
        await using var backend = await RunningBackend.StartAsync();
        var first = await backend.DialAsync("u1");
        await first.SendAsync("one");
        await first.ReceiveTextAsync();
        var second = await backend.DialAsync("u1");
        await second.SendAsync("two");
        await second.ReceiveTextAsync();

        var received = await backend.GetAsync("/received/u1");

        Assert.Equal(["one", "two"], received.EnumerateArray().Select(message => message.GetProperty("text").GetString()!));
        Assert.Equal([1, 2], received.EnumerateArray().Select(message => message.GetProperty("connection").GetInt32()));
        Assert.Equal(0, (await backend.GetAsync("/received/nobody")).GetArrayLength());
    }

    [Fact]
    public async Task Only_the_last_thousand_received_messages_are_kept()
    {
        await using var backend = await RunningBackend.StartAsync();
        var socket = await backend.DialAsync("u1");
        for (var i = 0; i < 1_100; i++)
        {
            await socket.SendAsync($"{i}");
            await socket.ReceiveTextAsync();
        }

        var received = (await backend.GetAsync("/received/u1")).EnumerateArray()
            .Select(message => message.GetProperty("text").GetString()).ToArray();

        Assert.Equal(1_000, received.Length);
        Assert.Equal("100", received[0]);
        Assert.Equal("1099", received[^1]);
    }

    [Fact]
    public async Task A_reader_that_never_reads_holds_nobody_else_back()
    {
        await using var backend = await RunningBackend.StartAsync("--Backend:SendQueueLength", "4");
        await backend.DialAsync("slow"); // never reads
        var fast = await backend.DialAsync("fast");

        // 40 x 1 MB is more than the kernel and the queue hold for the slow one; the fast one gets every message
        for (var i = 1; i <= 40; i++)
        {
            await backend.PostAsync("/push?count=1&size=1000000");
            Assert.Equal(i, await fast.ReceiveNumberAsync());
        }

        Assert.True((await backend.StatsAsync()).GetProperty("dropped").GetInt64() > 0);
    }
}
