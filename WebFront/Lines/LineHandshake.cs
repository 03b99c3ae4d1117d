using System.Diagnostics.CodeAnalysis;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.Features;

namespace Connections.WebFront.Lines;

/// <summary>
/// Opens a WebSocket that does not need its HTTP request any more (RFC 6455, 4.2.2). The framework's own way wraps the stream in one that holds
/// the request's context, and aborts it when the WebSocket ends.
/// </summary>
internal static class LineHandshake
{
    private const string Guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    /// <summary>Answers a request that was found to be a good one for a WebSocket.</summary>
    /// <returns>The WebSocket and its line; null, and nothing is answered yet, when the server has to keep the socket.</returns>
    public static async Task<(WebSocket Socket, Line Line)?> AcceptAsync(HttpContext http, WebSocketCreationOptions options)
    {
        if (http.Features.Get<IHttpUpgradeFeature>() is not LineUpgrade upgrade)
            return null;
        var headers = http.Response.Headers;
        headers.Connection = "Upgrade";
        headers.Upgrade = "websocket";
        headers.SecWebSocketAccept = Accept(http.Request.Headers.SecWebSocketKey.ToString());
        if (options.SubProtocol is { } protocol)
            headers.SecWebSocketProtocol = protocol;
        var line = (Line)await upgrade.UpgradeAsync();

        // Its timer would keep what flows with the request, its trace and the scopes of its log, as long as the tab.
        using (ExecutionContext.SuppressFlow())
            return (WebSocket.CreateFromStream(line, options), line);
    }

    [SuppressMessage("Security", "CA5350", Justification = "The protocol asks for SHA-1.")]
    private static string Accept(string key) => Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key.Trim() + Guid)));
}
