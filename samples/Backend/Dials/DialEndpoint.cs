namespace Connections.Backend.Dials;

/// <summary>Where gateways dial: GET for HTTP/1.1, CONNECT for a WebSocket over HTTP/2.</summary>
internal static class DialEndpoint
{
    internal static void MapDials(this WebApplication app) =>
        app.MapMethods("/ws/{userId}", [HttpMethods.Get, HttpMethods.Connect],
            (HttpContext context, string userId, DialDoor door) => door.AnswerAsync(context, userId));
}
