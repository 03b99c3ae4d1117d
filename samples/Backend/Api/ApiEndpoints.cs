using System.Net.WebSockets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Connections.Backend.Api;

/// <summary>A small HTTP API for a gateway's <c>/api</c> proxy to talk to.</summary>
internal static class ApiEndpoints
{
    private const int MaxSlowMilliseconds = 600_000;

    internal static void MapApi(this WebApplication app)
    {
        var api = app.MapGroup("/api").AddEndpointFilter<ApiFaultFilter>();
        api.MapGet("/hello", (TimeProvider clock) => Answer("hello", clock));
        api.MapGet("/time", (TimeProvider clock) => Answer(clock.GetUtcNow().ToString("O"), clock));
        api.MapPost("/echo", EchoAsync);
        api.MapGet("/status/{code:int}", Status);
        api.MapGet("/slow", SlowAsync);
        api.MapPost("/stream", (Delegate)StreamAsync);
        api.MapGet("/pieces", PiecesAsync);
        api.MapGet("/ws", (Delegate)SocketAsync);
    }

    // Gives back each piece of the body as it comes: whoever holds one of the two streams back is found out.
    private static async Task<IResult> StreamAsync(HttpContext context)
    {
        context.Response.ContentType = context.Request.ContentType;
        await context.Response.Body.FlushAsync(context.RequestAborted);
        var buffer = new byte[16 << 10];
        while (await context.Request.Body.ReadAsync(buffer, context.RequestAborted) is var read and > 0)
            await context.Response.Body.WriteAsync(buffer.AsMemory(0, read), context.RequestAborted);
        return Results.Empty;
    }

    // An answer in pieces, half a second apart: a proxy that collects them is found out.
    private static async Task PiecesAsync(HttpContext context, TimeProvider clock)
    {
        foreach (var piece in (ReadOnlyMemory<byte>[])["one"u8.ToArray(), "two"u8.ToArray(), "three"u8.ToArray()])
        {
            await context.Response.Body.WriteAsync(piece, context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(TimeSpan.FromSeconds(0.5), clock, context.RequestAborted);
        }
    }

    // Gives back each message.
    private static async Task<IResult> SocketAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
            return TypedResults.Problem("/api/ws takes WebSocket connections only.", statusCode: StatusCodes.Status400BadRequest);
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[64 << 10];
        while (await socket.ReceiveAsync(buffer.AsMemory(), context.RequestAborted) is { MessageType: not WebSocketMessageType.Close } part)
            await socket.SendAsync(buffer.AsMemory(0, part.Count), part.MessageType, part.EndOfMessage, context.RequestAborted);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
        return Results.Empty;
    }

    private static async Task<IResult> EchoAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
        return TypedResults.Bytes(body.ToArray(), request.ContentType);
    }

    private static IResult Status(int code, TimeProvider clock)
    {
        if (code is < 200 or > 599)
        {
            return TypedResults.Problem($"{code} is no final status; a code from 200 to 599 would be right.",
                statusCode: StatusCodes.Status400BadRequest);
        }

        if (code is StatusCodes.Status204NoContent or StatusCodes.Status205ResetContent or StatusCodes.Status304NotModified)
            return TypedResults.StatusCode(code);
        var answer = new ApiAnswer($"status {code}", clock.GetUtcNow().ToUnixTimeMilliseconds());
        return TypedResults.Json(answer, BackendJson.Default.ApiAnswer, statusCode: code);
    }

    private static async Task<IResult> SlowAsync(HttpContext context, TimeProvider clock, IHostApplicationLifetime lifetime, int ms = 1_000)
    {
        if (ms is < 0 or > MaxSlowMilliseconds)
        {
            return TypedResults.Problem($"?ms={ms} is out of range; 0 to {MaxSlowMilliseconds} would be right.",
                statusCode: StatusCodes.Status400BadRequest);
        }

        await Waiting.ForAsync(TimeSpan.FromMilliseconds(ms), clock, context, lifetime);
        return Answer($"waited {ms} ms", clock);
    }

    private static Ok<ApiAnswer> Answer(string message, TimeProvider clock) =>
        TypedResults.Ok(new ApiAnswer(message, clock.GetUtcNow().ToUnixTimeMilliseconds()));
}
