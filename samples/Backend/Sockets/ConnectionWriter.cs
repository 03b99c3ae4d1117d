using System.Net.WebSockets;
using Connections.Backend.Stats;

namespace Connections.Backend.Sockets;

/// <summary>The one writer of a connection: drains the queue, then says goodbye if a reason was given.</summary>
internal sealed class ConnectionWriter(Connection connection, WebSocket socket, Totals totals)
{
    internal async Task RunAsync(CancellationToken aborted)
    {
        try
        {
            await foreach (var message in connection.Queue.ReadAllAsync(aborted))
                await SendAsync(message, aborted);

            if (connection.CloseReason is { } reason)
            {
                connection.Leave();
                await socket.CloseOutputAsync(reason.Status, reason.Text, aborted);
            }
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            connection.Abort();
        }
    }

    private async Task SendAsync(Outgoing message, CancellationToken aborted)
    {
        foreach (var frame in message.Frames(connection.User))
        {
            if (frame.EndOfMessage)
            {
                connection.User.Sent.Add();
                totals.Sent.Add();
            }

            await socket.SendAsync(frame.Payload, frame.Type, frame.EndOfMessage, aborted);
        }
    }
}
