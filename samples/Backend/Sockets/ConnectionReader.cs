using System.Net.WebSockets;
using System.Text;
using Connections.Backend.Stats;

namespace Connections.Backend.Sockets;

/// <summary>The one reader of a connection: notes each message, then echoes it or obeys it.</summary>
internal sealed class ConnectionReader(Connection connection, WebSocket socket, Totals totals, BackendOptions options, TimeProvider clock)
{
    private readonly MessageReader _messages = new(socket, options.MaxMessageBytes);

    internal async Task RunAsync(CancellationToken aborted)
    {
        try
        {
            while (await _messages.ReadAsync(aborted) is { } message)
                await TakeAsync(message);
            if (_messages.IsTooBig)
                connection.Close(CloseReason.TooBig(options.MaxMessageBytes));
            await _messages.SkipToCloseAsync(aborted);
            connection.Leave();
            connection.Close(ClosingAnswer());
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            connection.Abort();
        }
    }

    private async ValueTask TakeAsync(Message message)
    {
        var text = message.Type == WebSocketMessageType.Text ? Encoding.UTF8.GetString(message.Payload) : null;
        connection.User.Received.Add();
        totals.Received.Add();
        connection.User.Inbox.Add(new(text, message.Payload.Length, connection.Ordinal, clock.GetUtcNow().ToUnixTimeMilliseconds()));

        switch (text)
        {
            case null:
                await connection.Queue.AddAsync(new Verbatim(message.Payload, WebSocketMessageType.Binary));
                break;
            case ['!', .. var command]:
                await new Commands(connection, clock).ObeyAsync(command);
                break;
            default:
                await connection.Queue.AddAsync(new Echo(text));
                break;
        }
    }

    private CloseReason ClosingAnswer() =>
        CloseReason.From((int)(socket.CloseStatus ?? WebSocketCloseStatus.NormalClosure), socket.CloseStatusDescription)
        ?? new(WebSocketCloseStatus.NormalClosure, null);
}
