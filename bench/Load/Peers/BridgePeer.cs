using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Connections.Load.Peers;

/// <summary>
/// The process that has a connection to the backend for each user and publishes what it brings to the user's channel in Nchan or Pushpin. For
/// Pushpin it is the origin too, which subscribes each tab to its user's channel.
/// </summary>
internal static class BridgePeer
{
    private const int LongestMessage = 8 << 10;
    private const string Events = "application/websocket-events";

    /// <summary>Runs it.</summary>
    public static Task RunAsync(string kind, int port, int target, int backend, int users)
    {
        var builder = PeerHost.Make(port);
        var app = builder.Build();
        var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{target}") };
        var open = 0;
        app.MapGet("/open", () => open == users ? Results.Ok() : Results.StatusCode(StatusCodes.Status503ServiceUnavailable));
        app.MapPost("/ws/{user}", SubscribeAsync);
        app.Lifetime.ApplicationStarted.Register(() => _ = OpenAllAsync());
        return PeerHost.RunAsync(app);

        async Task OpenAllAsync()
        {
            for (var user = 0; user < users; user++)
            {
                var socket = new ClientWebSocket();
                await socket.ConnectAsync(new BackendAddress(backend).Of($"u{user}"), CancellationToken.None);
                _ = ReadAsync(socket, kind == "nchan" ? await ToNchanAsync(target, $"u{user}") : ToPushpin(http, $"u{user}"));
                open++;
            }
        }
    }

    private static async Task ReadAsync(ClientWebSocket socket, Func<ReadOnlyMemory<byte>, Task> publish)
    {
        var buffer = new byte[LongestMessage];
        while (await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None) is { MessageType: not WebSocketMessageType.Close } read)
            await publish(buffer.AsMemory(0, read.Count));
    }

    private static async Task<Func<ReadOnlyMemory<byte>, Task>> ToNchanAsync(int port, string channel)
    {
        var publisher = new ClientWebSocket();
        await publisher.ConnectAsync(new Uri($"ws://127.0.0.1:{port}/pub/{channel}"), CancellationToken.None);
        _ = ForgetAnswersAsync(publisher);
        return async message => await publisher.SendAsync(message, WebSocketMessageType.Text, true, CancellationToken.None);
    }

    // Nchan answers each message with how many wait in the channel.
    private static async Task ForgetAnswersAsync(ClientWebSocket publisher)
    {
        var buffer = new byte[LongestMessage];
        while ((await publisher.ReceiveAsync(buffer.AsMemory(), CancellationToken.None)).MessageType != WebSocketMessageType.Close)
        {
            // The next one.
        }
    }

    private static Func<ReadOnlyMemory<byte>, Task> ToPushpin(HttpClient http, string channel) => async message =>
    {
        var content = JsonSerializer.Serialize(Encoding.UTF8.GetString(message.Span));
        using var body = new StringContent($"{{\"items\":[{{\"channel\":\"{channel}\",\"formats\":{{\"ws-message\":{{\"content\":{content}}}}}}}]}}");
        using var answer = await http.PostAsync(new Uri("/publish/", UriKind.Relative), body);
        answer.EnsureSuccessStatusCode();
    };

    // WebSocket over HTTP, https://pushpin.org/docs/protocols/websocket-over-http/.
    private static async Task SubscribeAsync(string user, HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var events = await reader.ReadToEndAsync();
        http.Response.ContentType = Events;
        if (!events.StartsWith("OPEN", StringComparison.Ordinal))
            return;
        http.Response.Headers["Sec-WebSocket-Extensions"] = "grip; message-prefix=\"\"";
        var subscribe = $"c:{{\"type\":\"subscribe\",\"channel\":\"{user}\"}}";
        await http.Response.WriteAsync(FormattableString.Invariant($"OPEN\r\nTEXT {subscribe.Length:x}\r\n{subscribe}\r\n"));
    }
}
