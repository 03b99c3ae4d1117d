using System.Net;
using System.Net.WebSockets;

namespace Connections.WebFront.Tests;

/// <summary>Asks for a WebSocket and returns the status of the answer.</summary>
internal static class Handshake
{
    public static async Task<HttpStatusCode> StatusAsync(Uri front, string path, string query, string? origin = null)
    {
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        if (origin is not null)
            socket.Options.SetRequestHeader("Origin", origin);
        try
        {
            await socket.ConnectAsync(new UriBuilder(front) { Scheme = "ws", Path = path, Query = query }.Uri, CancellationToken.None);
        }
        catch (WebSocketException)
        {
            // The status says why.
        }

        return socket.HttpStatusCode;
    }
}
