using System.Net.WebSockets;
using Connections.Backend.Sockets;
using Connections.Backend.Users;

namespace Connections.Backend.Pushes;

/// <summary>Messages that the backend sends because somebody asked over HTTP.</summary>
internal static class PushEndpoints
{
    private const int MaxCount = 1_000_000;
    private const int MaxSize = 16 * 1024 * 1024;

    internal static void MapPushes(this WebApplication app)
    {
        app.MapPost("/push/{userId}", PushToUserAsync);
        app.MapPost("/push", PushToAll);
    }

    private static async Task<IResult> PushToUserAsync(HttpRequest request, string userId, UserDirectory users)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
        var connections = users.Find(userId)?.Connections ?? [];
        if (connections.IsEmpty)
            return TypedResults.Problem($"User '{userId}' has no connection here.", statusCode: StatusCodes.Status404NotFound);

        var type = request.ContentType == "application/octet-stream" ? WebSocketMessageType.Binary : WebSocketMessageType.Text;
        return TypedResults.Ok(Push(connections, new Verbatim(body.ToArray(), type), count: 1));
    }

    private static IResult PushToAll(OpenConnections connections, TimeProvider clock, int count = 1, int size = 0)
    {
        if (count is < 1 or > MaxCount || size is < 0 or > MaxSize)
        {
            return TypedResults.Problem(
                $"?count={count}&size={size} is out of range: count from 1 to {MaxCount} and size from 0 to {MaxSize} would be right.",
                statusCode: StatusCodes.Status400BadRequest);
        }

        return TypedResults.Ok(Push(connections.All, new Ticks(clock.GetUtcNow().ToUnixTimeMilliseconds(), count, size), count));
    }

    private static PushResult Push(IEnumerable<Connection> connections, Outgoing message, int count)
    {
        var (queued, dropped) = (0, 0);
        foreach (var connection in connections)
        {
            if (connection.TrySend(message))
                queued++;
            else
                dropped++;
        }

        return new(queued + dropped, (long)queued * count, (long)dropped * count);
    }
}
