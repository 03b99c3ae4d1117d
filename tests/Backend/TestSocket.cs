using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Connections.Backend.Tests;

/// <summary>The gateway's end of a socket.</summary>
internal sealed class TestSocket : IDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly byte[] _buffer = new byte[256 * 1024];

    internal string? SubProtocol => _socket.SubProtocol;

    internal WebSocketCloseStatus? CloseStatus => _socket.CloseStatus;

    internal string? CloseReason => _socket.CloseStatusDescription;

    internal static async Task<TestSocket> DialAsync(string user, Uri address, Action<TestDial>? change)
    {
        var socket = new TestSocket();
        var dial = new TestDial(socket._socket.Options);
        dial.Options.CollectHttpResponseDetails = true;
        change?.Invoke(dial);
        var url = new UriBuilder(dial.Address ?? address) { Scheme = "ws", Path = $"/ws/{user}" }.Uri;
        try
        {
            await socket._socket.ConnectAsync(url, dial.Invoker, Deadline.Token);
            return socket;
        }
        catch (WebSocketException)
        {
            var error = new DialRefusedException(socket._socket.HttpStatusCode, socket._socket.HttpResponseHeaders);
            socket.Dispose();
            throw error;
        }
    }

    internal Task SendAsync(string text) =>
        _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, Deadline.Token);

    internal Task SendAsync(byte[] bytes) => _socket.SendAsync(bytes, WebSocketMessageType.Binary, true, Deadline.Token);

    /// <summary>One frame, with the payload in the test's buffer.</summary>
    internal async Task<(WebSocketMessageType Type, byte[] Payload, bool EndOfMessage)> ReceiveFrameAsync()
    {
        var result = await _socket.ReceiveAsync(_buffer.AsMemory(), Deadline.Token);
        return (result.MessageType, _buffer[..result.Count], result.EndOfMessage);
    }

    internal async Task<(WebSocketMessageType Type, byte[] Payload)> ReceiveAsync()
    {
        using var message = new MemoryStream();
        while (true)
        {
            var (type, payload, end) = await ReceiveFrameAsync();
            message.Write(payload);
            if (end)
                return (type, message.ToArray());
        }
    }

    internal async Task<string> ReceiveTextAsync()
    {
        var (type, payload) = await ReceiveAsync();
        Assert.Equal(WebSocketMessageType.Text, type);
        return Encoding.UTF8.GetString(payload);
    }

    internal async Task<JsonElement> ReceiveJsonAsync() => JsonDocument.Parse(await ReceiveTextAsync()).RootElement;

    /// <summary>The number of the next tick or echo.</summary>
    internal async Task<long> ReceiveNumberAsync() => (await ReceiveJsonAsync()).GetProperty("n").GetInt64();

    internal async Task ExpectCloseAsync(int code, string? reason = null)
    {
        var (type, _) = await ReceiveAsync();
        Assert.Equal(WebSocketMessageType.Close, type);
        Assert.Equal(code, (int)CloseStatus!);
        if (reason is not null)
            Assert.Equal(reason, CloseReason);
        await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, Deadline.Token);
    }

    /// <summary>The connection ends without a close frame; messages before that are skipped.</summary>
    internal async Task ExpectAbortAsync()
    {
        await Assert.ThrowsAsync<WebSocketException>(async () =>
        {
            while ((await ReceiveFrameAsync()).Type != WebSocketMessageType.Close)
            {
            }
        });
    }

    /// <summary>The socket's own keep-alive gives up, because nobody answers its pings.</summary>
    internal async Task ExpectUnansweredPingAsync()
    {
        var error = await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            while ((await ReceiveFrameAsync()).Type != WebSocketMessageType.Close)
            {
            }
        });
        Assert.Contains(nameof(ClientWebSocketOptions.KeepAliveTimeout), error.ToString(), StringComparison.Ordinal);
    }

    internal Task CloseAsync() => _socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", Deadline.Token);

    internal void Abort() => _socket.Abort();

    public void Dispose() => _socket.Dispose();
}
