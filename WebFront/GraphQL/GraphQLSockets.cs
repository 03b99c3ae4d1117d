using System.Net.WebSockets;
using Connections.Grains.Abstractions;
using Connections.WebFront.Identity;
using Connections.WebFront.RawSocket;
using GraphQL;
using GraphQL.Types;
using Microsoft.Extensions.Options;

namespace Connections.WebFront.GraphQL;

/// <summary>Takes WebSockets with the sub-protocol <c>graphql-transport-ws</c> in.</summary>
internal sealed class GraphQLSockets(
    IDocumentExecuter executer, ISchema schema, IGraphQLTextSerializer serializer, TokenLeases leases, IOptions<FrontOptions> options, TimeProvider time)
{
    private const string SubProtocol = "graphql-transport-ws";

    /// <summary>Serves one socket to its end.</summary>
    public async Task ServeAsync(HttpContext http)
    {
        var known = http.WebSockets.WebSocketRequestedProtocols.Contains(SubProtocol);
        using var webSocket = await http.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext
        {
            SubProtocol = known ? SubProtocol : null,
            KeepAliveInterval = TimeSpan.FromSeconds(15),
            KeepAliveTimeout = TimeSpan.FromSeconds(10),
        });
        using var socket = new TabSocket(webSocket, null, (options.Value.MaxMessageBytes * 3 / 2) + 4_096, time);
        if (!known)
        {
            await socket.CloseAsync(ProtocolClose.SubProtocolNotAcceptable, "Subprotocol not acceptable");
            await socket.EndAsync(http.RequestAborted);
            return;
        }

        // The socket's own: without a subscription there is no tab, and queries and mutations go on for as long as the token is good.
        var caller = Caller.Of(http);
        using var lease = leases.Hold(caller, () => _ = socket.CloseAsync(ProtocolClose.Unauthorized, CloseCode.Unauthorized.Name));
        await using var conversation = new Conversation(
            socket, executer, schema, serializer, http.RequestServices, caller with { Lease = lease }, time);
        try
        {
            await conversation.RunAsync(http.RequestAborted);
        }
        catch (MessageTooLargeException e)
        {
            await socket.CloseAsync((int)WebSocketCloseStatus.MessageTooBig, e.Message);
        }

        await socket.EndAsync(http.RequestAborted);
    }
}
