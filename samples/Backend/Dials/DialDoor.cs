using System.Globalization;
using System.Net.WebSockets;
using Connections.Backend.Faults;
using Connections.Backend.Sockets;
using Connections.Backend.Users;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Connections.Backend.Dials;

/// <summary>Answers each dial: refused, held, or accepted and served until the socket ends.</summary>
internal sealed partial class DialDoor(
    UserDirectory users,
    DialLog dials,
    FaultSwitch faults,
    ConnectionFactory connections,
    BackendOptions options,
    IHostApplicationLifetime lifetime,
    ILogger<DialDoor> logger)
{
    internal async Task<IResult> AnswerAsync(HttpContext context, string userId)
    {
        var user = users.GetOrAdd(userId);
        user.Dialled(Generation(context.Request));

        if (!context.WebSockets.IsWebSocketRequest)
            return Refuse(StatusCodes.Status400BadRequest, $"/ws/{userId} takes WebSocket requests only; this was no such request.");

        var fault = faults.Current;
        if (fault.HoldsDials(userId))
            return await HoldAsync(context);
        if (fault.RefusesDials(userId))
            return RefuseFor(fault.Fault, context.Response);
        if (lifetime.ApplicationStopping.IsCancellationRequested)
            return Refuse(StatusCodes.Status503ServiceUnavailable, "The backend is stopping.");
        if (!IsAuthorized(context.Request))
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return Refuse(StatusCodes.Status401Unauthorized, "A dial needs 'Authorization: Bearer' and the token.");
        }

        await ServeAsync(context, user);
        return Results.Empty;
    }

    /// <summary>Counts before it answers, so that a client that has its answer finds itself counted.</summary>
    private async Task ServeAsync(HttpContext context, User user)
    {
        dials.Accept();
        using var connection = connections.Open(context, user);
        try
        {
            var protocol = context.WebSockets.WebSocketRequestedProtocols.FirstOrDefault();
            using var socket = await context.WebSockets.AcceptWebSocketAsync(protocol);
            if (faults.Current.RefusesDials(user.Id))
                connection.Abort(); // the backend went down between the decision and the answer
            await connection.RunAsync(socket);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or WebSocketException or InvalidOperationException)
        {
            LogLost(error, user.Id);
            connection.Abort();
        }
    }

    private async Task<IResult> HoldAsync(HttpContext context)
    {
        dials.Refuse();
        dials.Stalled.Increment();
        try
        {
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
            var never = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var registration = ended.Token.Register(never.SetResult);
            await never.Task;
        }
        finally
        {
            dials.Stalled.Decrement();
            context.Abort();
        }

        return Results.Empty;
    }

    private ProblemHttpResult RefuseFor(Fault fault, HttpResponse response)
    {
        fault.AddRetryAfter(response);
        return Refuse(fault.Status, $"The fault '{fault.Name}' refuses dials.");
    }

    private ProblemHttpResult Refuse(int status, string why)
    {
        dials.Refuse();
        return TypedResults.Problem(why, statusCode: status);
    }

    private bool IsAuthorized(HttpRequest request) =>
        options.RequireToken is not { Length: > 0 } token || request.Headers.Authorization == $"Bearer {token}";

    private static long? Generation(HttpRequest request) =>
        long.TryParse(request.Headers["X-Connection-Generation"], NumberStyles.None, CultureInfo.InvariantCulture, out var generation)
            ? generation
            : null;

    [LoggerMessage(100, LogLevel.Debug, "A dial of {User} was lost before it was answered.")]
    private partial void LogLost(Exception error, string user);
}
