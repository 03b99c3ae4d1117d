using Connections.WebFront.Admission;
using Connections.WebFront.Identity;

namespace Connections.WebFront.RawSocket;

/// <summary>The raw WebSocket way in: verbatim, or with the envelopes of <c>connections.v1</c>.</summary>
internal static class RawSocketSetup
{
    private const string Route = "/ws";

    /// <summary>Registers what the route needs.</summary>
    public static void AddRawSocket(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<VerbatimTabs>();
        builder.Services.AddSingleton<EnvelopeTabs>();
    }

    /// <summary>Maps the route.</summary>
    public static void MapRawSocket(this WebApplication app) =>
        app.Map(Route, HandleAsync).RequireAuthorization().TakesTabs().ExcludeFromDescription();

    private static async Task HandleAsync(HttpContext http, VerbatimTabs verbatim, EnvelopeTabs envelopes)
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

        using var socket = await http.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext
        {
            SubProtocol = enveloped ? EnvelopeTabs.SubProtocol : null,
            KeepAliveInterval = TimeSpan.FromSeconds(15),
            KeepAliveTimeout = TimeSpan.FromSeconds(10),
        });
        if (enveloped)
            await envelopes.ServeAsync(Caller.Of(http), socket, http.RequestAborted);
        else
            await verbatim.ServeAsync(Caller.Of(http), socket, http.RequestAborted);
    }
}
