using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Connections.Testing.Tabs;

/// <summary>A WebSocket to <c>/graphql</c> that says whatever a test tells it to, right or wrong.</summary>
public sealed class GraphQLTab : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly ClientWebSocket _socket = new();
    private readonly byte[] _buffer = new byte[256 << 10];

    private GraphQLTab()
    {
    }

    /// <summary>The code and the reason that the front closed with.</summary>
    public (int? Code, string? Reason) Closed => ((int?)_socket.CloseStatus, _socket.CloseStatusDescription);

    /// <summary>Connects, and says nothing.</summary>
    public static async Task<GraphQLTab> ConnectAsync(Uri front, string query, string subProtocol = "graphql-transport-ws")
    {
        var tab = new GraphQLTab();
        tab._socket.Options.AddSubProtocol(subProtocol);
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            await tab._socket.ConnectAsync(new UriBuilder(front) { Scheme = "ws", Path = "/graphql", Query = query }.Uri, limit.Token);
        }
        catch (WebSocketException) when (subProtocol != "graphql-transport-ws")
        {
            // The client refuses an answer without its sub-protocol before it reads the close.
        }

        return tab;
    }

    /// <summary>Connects and begins.</summary>
    public static async Task<GraphQLTab> InitAsync(Uri front, string query)
    {
        var tab = await ConnectAsync(front, query);
        await tab.SendAsync(new { type = "connection_init" });
        var ack = await tab.NextAsync();
        return ack?.GetProperty("type").GetString() == "connection_ack" ? tab : throw new InvalidOperationException($"{ack} came in place of the acknowledgement.");
    }

    /// <summary>Subscribes.</summary>
    public Task SubscribeAsync(string id, string query) => SendAsync(new { type = "subscribe", id, payload = new { query } });

    /// <summary>Sends a message.</summary>
    public Task SendAsync(object message) => SendAsync(JsonSerializer.Serialize(message));

    /// <summary>Sends a text.</summary>
    public Task SendAsync(string text) => _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, CancellationToken.None);

    /// <summary>The next message; null when the front closed.</summary>
    public async Task<JsonElement?> NextAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        var length = 0;
        while (true)
        {
            var read = await _socket.ReceiveAsync(_buffer.AsMemory(length), limit.Token);
            if (read.MessageType == WebSocketMessageType.Close)
                return null;
            length += read.Count;
            if (read.EndOfMessage)
                return JsonDocument.Parse(_buffer.AsSpan(0, length).ToArray()).RootElement;
        }
    }

    /// <summary>The next message of a type.</summary>
    public async Task<JsonElement> NextAsync(string type)
    {
        while (true)
        {
            if (await NextAsync() is not { } message)
                throw new InvalidOperationException($"The front closed with {Closed} before a {type} came.");
            if (message.GetProperty("type").GetString() == type)
                return message;
        }
    }

    /// <summary>Reads until the front closes.</summary>
    public async Task<(int? Code, string? Reason)> UntilClosedAsync()
    {
        while (await NextAsync() is not null)
        {
            // What was on its way.
        }

        return Closed;
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();
}
