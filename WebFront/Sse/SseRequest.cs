using System.Diagnostics.CodeAnalysis;
using Connections.Core;

namespace Connections.WebFront.Sse;

/// <summary>What a <c>GET /sse</c> asks for.</summary>
/// <param name="Position">Where to go on: <c>Last-Event-ID</c>, which <c>EventSource</c> sends by itself, or <c>?position=</c>.</param>
/// <param name="Client">The client id under which this tab's messages are posted: their final receipts come here.</param>
/// <param name="Poll">Whether to end after the first events, for proxies that pass on nothing before the end.</param>
/// <param name="Breakers">Whether states say how the breakers of <c>/api</c> stand.</param>
internal sealed record SseRequest(FramePosition? Position, string? Client, bool Poll, bool Breakers)
{
    /// <summary>Reads it.</summary>
    /// <returns>Null with a problem when something in it cannot be read.</returns>
    public static SseRequest? Read(HttpRequest request, [NotNullWhen(false)] out string? problem)
    {
        // An event source that reconnects keeps its address: what it saw last is newer than what the address says.
        var text = request.Headers["Last-Event-ID"].FirstOrDefault() ?? request.Query["position"].FirstOrDefault();
        FramePosition? position = null;
        problem = null;
        if (!string.IsNullOrEmpty(text))
        {
            if (FramePosition.TryParse(text, out var parsed))
                position = parsed;
            else
                problem = "The position (Last-Event-ID, or ?position=) cannot be read: it is <epoch>-<offset>, 16 hexadecimal digits, a hyphen and a number.";
        }

        var client = request.Query["client"].FirstOrDefault();
        if (client is not null && !OutboxMessageId.TryParse($"{client}:1", out _))
            problem = "?client= is not a client id: 1 to 64 of A-Z a-z 0-9 _ -.";
        return problem is null ? new SseRequest(position, client, request.Query["poll"] == "true", request.Query["breakers"] == "true") : null;
    }
}
