using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Connections.Testing.Tabs;

/// <summary>A tab that speaks plain WebSocket: verbatim, or <c>connections.v1</c> when it offers that.</summary>
public sealed class RawTab : IDisposable
{
    /// <summary>The sub-protocol with envelopes.</summary>
    public const string Envelopes = "connections.v1";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly ClientWebSocket _socket = new();
    private readonly byte[] _buffer = new byte[64 << 10];

    private RawTab()
    {
    }

    /// <summary>The sub-protocol that the front chose.</summary>
    public string? SubProtocol => _socket.SubProtocol;

    /// <summary>The code and the reason that the front closed with.</summary>
    public (int? Code, string? Reason) Closed => ((int?)_socket.CloseStatus, _socket.CloseStatusDescription);

    /// <summary>Connects.</summary>
    /// <param name="front">The front.</param>
    /// <param name="query">Who it is, such as <c>user=alice</c>.</param>
    /// <param name="subProtocol">What it offers.</param>
    /// <param name="headers">Headers of the request.</param>
    /// <exception cref="WebSocketRefusedException">The front answered with a status.</exception>
    public static async Task<RawTab> ConnectAsync(
        Uri front, string query, string? subProtocol = null, params (string Name, string Value)[] headers)
    {
        var tab = new RawTab();
        tab._socket.Options.CollectHttpResponseDetails = true;
        if (subProtocol is not null)
            tab._socket.Options.AddSubProtocol(subProtocol);
        foreach (var (name, value) in headers)
            tab._socket.Options.SetRequestHeader(name, value);
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            await tab._socket.ConnectAsync(new UriBuilder(front) { Scheme = "ws", Path = "/ws", Query = query }.Uri, limit.Token);
            return tab;
        }
        catch (WebSocketException e)
        {
            var status = tab._socket.HttpStatusCode;
            tab.Dispose();
            throw new WebSocketRefusedException(status, e);
        }
    }

    /// <summary>Connects with <c>connections.v1</c> and opens.</summary>
    public static async Task<(RawTab Tab, JsonElement Opened)> OpenAsync(Uri front, string user, string? position = null)
    {
        var tab = await ConnectAsync(front, $"user={user}", Envelopes);
        await tab.SendAsync(position is null ? """{"type":"open"}""" : $$"""{"type":"open","position":"{{position}}"}""");
        return (tab, await tab.NextAsync("opened"));
    }

    /// <summary>Sends a text message.</summary>
    public Task SendAsync(string text) => _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, CancellationToken.None);

    /// <summary>Sends a binary message.</summary>
    public Task SendAsync(byte[] bytes) => _socket.SendAsync(bytes, WebSocketMessageType.Binary, true, CancellationToken.None);

    /// <summary>The next message; null when the front closed.</summary>
    public async Task<(WebSocketMessageType Type, byte[] Payload)?> ReceiveAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        using var message = new MemoryStream();
        while (true)
        {
            var read = await _socket.ReceiveAsync(_buffer.AsMemory(), limit.Token);
            if (read.MessageType == WebSocketMessageType.Close)
                return null;
            message.Write(_buffer.AsSpan(0, read.Count));
            if (read.EndOfMessage)
                return (read.MessageType, message.ToArray());
        }
    }

    /// <summary>The next message as text.</summary>
    public async Task<string> ReceiveTextAsync() =>
        await ReceiveAsync() is (WebSocketMessageType.Text, var payload)
            ? Encoding.UTF8.GetString(payload)
            : throw new InvalidOperationException($"No text message came; closed with {Closed}.");

    /// <summary>The next envelope.</summary>
    public async Task<JsonElement> NextAsync() => JsonDocument.Parse(await ReceiveTextAsync()).RootElement;

    /// <summary>The next envelope of a type; others are skipped.</summary>
    public async Task<JsonElement> NextAsync(string type)
    {
        while (true)
        {
            var envelope = await NextAsync();
            if (envelope.GetProperty("type").GetString() == type)
                return envelope;
        }
    }

    /// <summary>The frames that come until one of them is the last one wanted.</summary>
    public async Task<IReadOnlyList<JsonElement>> FramesUntilAsync(Func<JsonElement, bool> last)
    {
        var frames = new List<JsonElement>();
        while (frames.Count == 0 || !last(frames[^1]))
            frames.AddRange((await NextAsync("frames")).GetProperty("frames").EnumerateArray());
        return frames;
    }

    /// <summary>Reads until the front closes, and returns the messages before that.</summary>
    public async Task<IReadOnlyList<string>> UntilClosedAsync()
    {
        var messages = new List<string>();
        while (await ReceiveAsync() is { } message)
            messages.Add(Encoding.UTF8.GetString(message.Payload));
        return messages;
    }

    /// <summary>Closes in order, and returns the front's answer.</summary>
    public async Task<WebSocketCloseStatus?> CloseAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        await _socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", limit.Token);
        return _socket.CloseStatus;
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();
}

/// <summary>The front answered a WebSocket request with a status.</summary>
public sealed class WebSocketRefusedException(HttpStatusCode status, Exception inner) : Exception($"{(int)status}", inner)
{
    /// <summary>The status.</summary>
    public HttpStatusCode Status => status;
}
