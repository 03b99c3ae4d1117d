using System.Net.WebSockets;
using Connections.WebFront.Admission;
using Connections.WebFront.Identity;
using Connections.WebFront.Lines;

namespace Connections.WebFront.RawSocket;

/// <summary>The raw WebSocket way in: verbatim, or with the envelopes of <c>connections.v1</c>.</summary>
internal static class RawSocketSetup
{
    private const string Route = "/ws";

    // As a line has it; for WebSockets that the server keeps.
    private static readonly TimeSpan KeepAliveInterval = TimeSpan.FromSeconds(Silence.BeatsToAsk);
    private static readonly TimeSpan KeepAliveTimeout = TimeSpan.FromSeconds(Silence.BeatsToGiveUp);

    /// <summary>Registers what the route needs.</summary>
    public static void AddRawSocket(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<VerbatimTabs>();
        builder.Services.AddSingleton<EnvelopeTabs>();
    }

    /// <summary>Maps the route.</summary>
    public static void MapRawSocket(this WebApplication app) =>
        app.Map(Route, HandleAsync).RequireAuthorization().TakesTabs().ExcludeFromDescription();

    private static async Task HandleAsync(HttpContext http, VerbatimTabs verbatim, EnvelopeTabs envelopes, KeptLines kept)
    {
        if (!http.WebSockets.IsWebSocketRequest)
        {
            await Results.Problem("This address takes WebSocket connections only.", statusCode: StatusCodes.Status400BadRequest).ExecuteAsync(http);
            return;
        }

        var offered = http.WebSockets.WebSocketRequestedProtocols;
        var enveloped = offered.Contains(EnvelopeTabs.SubProtocol);
        if (offered.Count > 0 && !enveloped)
        {
            await Results.Problem(
                $"None of the sub-protocols offered is known: offer {EnvelopeTabs.SubProtocol}, or none for verbatim messages.",
                statusCode: StatusCodes.Status400BadRequest).ExecuteAsync(http);
            return;
        }

        var subProtocol = enveloped ? EnvelopeTabs.SubProtocol : null;
        var caller = Caller.Of(http);
        if (await LineHandshake.AcceptAsync(http, new WebSocketCreationOptions
        {
            IsServer = true,
            SubProtocol = subProtocol,
            KeepAliveInterval = Timeout.InfiniteTimeSpan,
        }) is (var lineSocket, var line))
        {
            kept.Serve(line, asksWhenQuiet: true, () => ServeAsync(caller, lineSocket, line, CancellationToken.None));
            return;
        }

        var accepted = await http.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext
        {
            SubProtocol = subProtocol,
            KeepAliveInterval = KeepAliveInterval,
            KeepAliveTimeout = KeepAliveTimeout,
        });
        await ServeAsync(caller, accepted, null, http.RequestAborted);

        async Task ServeAsync(Caller caller, WebSocket socket, Line? line, CancellationToken ct)
        {
            using (socket)
                await (enveloped ? envelopes.ServeAsync(caller, socket, line, ct) : verbatim.ServeAsync(caller, socket, line, ct));
        }
    }
}
