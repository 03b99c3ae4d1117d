using Connections.Grains.Abstractions.Streams;
using Connections.WebFront.Identity;
using Connections.WebFront.Sessions;

namespace Connections.WebFront.Admin;

/// <summary>Writes every call of the admin API to the events stream: who, what, about whom, and what came of it.</summary>
internal sealed partial class AuditTrail(IClusterClient cluster, SessionServices services, TimeProvider time, ILogger<AuditTrail> logger) : IEndpointFilter
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <inheritdoc/>
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            var result = await next(context);
            await WriteAsync(context.HttpContext, (result as IStatusCodeHttpResult)?.StatusCode ?? StatusCodes.Status200OK);
            return result;
        }
        catch (Exception e) when (e is TimeoutException or OrleansException)
        {
            await WriteAsync(context.HttpContext, StatusCodes.Status503ServiceUnavailable);
            return TypedResults.Problem($"The cluster did not answer: {e.Message}", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }

    private async Task WriteAsync(HttpContext http, int status)
    {
        var route = http.Request.RouteValues;
        var about = (route.GetValueOrDefault("user") ?? route.GetValueOrDefault("name") ?? route.GetValueOrDefault("front") ?? route.GetValueOrDefault("id")) as string ?? "";
        var action = new ConnectionEvent(
            ConnectionEventKind.AdminAction,
            about,
            time.GetUtcNow().ToUnixTimeMilliseconds(),
            services.FrontId,
            $"{Who(http)}: {http.Request.Method} {http.Request.Path} -> {status}");
        Log.Action(logger, action.Detail!);
        try
        {
            await cluster.GetStreamProvider(StreamNames.Provider)
                .GetStream<ConnectionEvent>(StreamId.Create(StreamNames.Events, StreamNames.EventsKey))
                .OnNextAsync(action)
                .WaitAsync(Patience, time);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Log.NotWritten(logger, action.Detail!, e);
        }
    }

    /// <summary>Who calls; without a token, which only Development allows, nobody.</summary>
    public static string Who(HttpContext http) => http.User.Identity?.IsAuthenticated == true ? http.User.UserId().Value : "nobody";

    private static partial class Log
    {
        [LoggerMessage(630, LogLevel.Information, "Admin: {Action}")]
        public static partial void Action(ILogger logger, string action);

        [LoggerMessage(631, LogLevel.Error, "Admin action could not be written to the events stream: {Action}")]
        public static partial void NotWritten(ILogger logger, string action, Exception error);
    }
}
