using System.Globalization;
using System.Text;
using System.Text.Json;
using Connections.Grains.Abstractions.Sending;
using Connections.WebFront.Identity;
using Connections.WebFront.Sessions;
using Connections.WebFront.Wire;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace Connections.WebFront.Sse;

/// <summary>Serves <c>POST /messages</c>: one message for the upstream, answered with its receipt; see <c>docs/protocol.md</c>.</summary>
internal sealed class Messages(SessionRegistry sessions, IOptions<FrontOptions> options)
{
    private const string Right = """A body such as {"id":"c:1","text":"hello"} would be right, or "data" with base64 in place of "text".""";

    /// <summary>Sends one.</summary>
    public async Task<IResult> SendAsync(HttpContext http)
    {
        var (message, problem, status) = await ReadAsync(http);
        if (message is null)
            return Results.Problem(problem, statusCode: status);
        try
        {
            var receipt = await SendAsync(Caller.Of(http), message, http.RequestAborted);
            if (receipt.RetryAfterMs is { } wait)
                http.Response.Headers.RetryAfter = ((wait + 999) / 1000).ToString(CultureInfo.InvariantCulture);
            return TypedResults.Json(WireReceipt.From(receipt), statusCode: StatusOf(receipt));
        }
        catch (TimeoutException e)
        {
            return Unreachable.Answer(http, e.Message);
        }
    }

    /// <summary>Sends a message of somebody who may have no tab here.</summary>
    /// <exception cref="TimeoutException">The user's connection could not be reached in time.</exception>
    public async Task<Receipt> SendAsync(Caller caller, OutgoingMessage message, CancellationToken ct)
    {
        if (sessions.Find(caller.User.Value) is { Tabs: [var tab, ..] } session)
            return await session.SendAsync(tab, message);

        // Without a tab here nobody may want the upstream: this one wants it for as long as the message takes, and the linger keeps it.
        var passing = sessions.Add(caller, new SilentWriter());
        try
        {
            await passing.Session.OpenAsync(passing, null, ct);
            return await passing.Session.SendAsync(passing, message);
        }
        finally
        {
            sessions.Remove(passing);
        }
    }

    private async Task<(OutgoingMessage? Message, string? Problem, int Status)> ReadAsync(HttpContext http)
    {
        // Base64 and JSON take half as much again; what the upstream may not get is told by the receipt.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = (options.Value.MaxMessageBytes * 3L / 2) + 4_096;
        try
        {
            var body = await JsonSerializer.DeserializeAsync(http.Request.Body, PostedMessageJson.Default.PostedMessage, http.RequestAborted);
            if (body is not { Id: { } id } || body.Text is null == body.Data is null)
                return (null, $"A message has an id, and either a text or data. {Right}", StatusCodes.Status400BadRequest);
            if (!WireSendOptions.TryRead(new(body.Delivery), out var atLeastOnce, out var problem))
                return (null, problem, StatusCodes.Status400BadRequest);
            return (new OutgoingMessage(id, body.Text is not null, body.Data ?? Encoding.UTF8.GetBytes(body.Text!), atLeastOnce), null, 0);
        }
        catch (JsonException e)
        {
            return (null, $"The body is not the JSON that is asked for: {e.Message} {Right}", StatusCodes.Status400BadRequest);
        }
        catch (BadHttpRequestException e)
        {
            return (null, e.Message, e.StatusCode);
        }
    }

    // The receipt is the answer; the status says the same to those who look no further.
    private static int StatusOf(Receipt receipt) => (receipt.Status, receipt.Reason) switch
    {
        (ReceiptStatus.Sent, _) => StatusCodes.Status200OK,
        (ReceiptStatus.Queued, _) => StatusCodes.Status202Accepted,
        (ReceiptStatus.Unknown, _) => StatusCodes.Status504GatewayTimeout,
        (ReceiptStatus.Expired, _) => StatusCodes.Status410Gone,
        (_, ReceiptReason.BadId) => StatusCodes.Status400BadRequest,
        (_, ReceiptReason.TooLarge) => StatusCodes.Status413PayloadTooLarge,
        (_, ReceiptReason.Expected) => StatusCodes.Status409Conflict,
        (_, ReceiptReason.QueueFull or ReceiptReason.Rate) => StatusCodes.Status429TooManyRequests,
        _ => StatusCodes.Status503ServiceUnavailable,
    };
}
