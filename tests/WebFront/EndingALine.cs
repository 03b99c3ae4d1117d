using System.Net.Sockets;
using System.Net.WebSockets;

namespace Connections.WebFront.Tests;

/// <summary>A tab that ends its connection without a close has closed when it did so between two frames; a frame that it had not said to its end was never said.</summary>
public sealed class EndingALine
{
    // Eight bytes, masked with zeros: as many as the second byte of a close that is put into the middle of a head says. Not a text, in which that close would be found out.
    private static readonly byte[] Message = [0x82, 0x88, 0, 0, 0, 0, .. "messages"u8];

    private readonly byte[] _buffer = new byte[100];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Between_two_messages_it_is_a_close(bool hasSpoken)
    {
        using var lines = new LoopbackLines();
        using var socket = Open(lines);

        if (hasSpoken)
        {
            await lines.Tabs[0].SendAsync(Message);
            Assert.Equal("messages", await HearAsync(socket));
        }

        lines.Tabs[0].Shutdown(SocketShutdown.Send);

        Assert.Null(await HearAsync(socket));
        Assert.Equal(WebSocketState.CloseReceived, socket.State);
    }

    [Fact]
    public async Task Nobody_is_told_the_answer()
    {
        using var lines = new LoopbackLines();
        using var socket = Open(lines);
        lines.Tabs[0].Shutdown(SocketShutdown.Send);
        await HearAsync(socket);

        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);

        Assert.Equal(WebSocketState.Closed, socket.State);
        Assert.Equal(0, lines.Tabs[0].Available);
    }

    [Fact]
    public async Task After_the_first_byte_of_a_head_that_came_with_a_message_it_is_an_error()
    {
        using var lines = new LoopbackLines();
        using var socket = Open(lines);
        await lines.Tabs[0].SendAsync((byte[])[.. Message, Message[0]]);
        Assert.Equal("messages", await HearAsync(socket));

        lines.Tabs[0].Shutdown(SocketShutdown.Send);

        await Assert.ThrowsAsync<WebSocketException>(() => HearAsync(socket));
    }

    [Fact]
    public async Task Within_a_frame_it_is_an_error()
    {
        for (var said = 1; said < Message.Length; said++)
        {
            using var lines = new LoopbackLines();
            using var socket = Open(lines);
            var hearing = HearAsync(socket);

            await lines.Tabs[0].SendAsync(Message.AsMemory(0, said));
            lines.Tabs[0].Shutdown(SocketShutdown.Send);

            await Assert.ThrowsAsync<WebSocketException>(() => hearing.WaitAsync(TimeSpan.FromSeconds(10)));
        }
    }

    private static WebSocket Open(LoopbackLines lines) =>
        WebSocket.CreateFromStream(lines.Open(), new WebSocketCreationOptions { IsServer = true, KeepAliveInterval = Timeout.InfiniteTimeSpan });

    // As all who serve tabs read: first without a buffer. Null is a close.
    private async Task<string?> HearAsync(WebSocket socket)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var read = await socket.ReceiveAsync(Memory<byte>.Empty, limit.Token);
        if (read.MessageType is not WebSocketMessageType.Close)
            read = await socket.ReceiveAsync(_buffer.AsMemory(), limit.Token);
        return read.MessageType is WebSocketMessageType.Close ? null : System.Text.Encoding.UTF8.GetString(_buffer, 0, read.Count);
    }
}
