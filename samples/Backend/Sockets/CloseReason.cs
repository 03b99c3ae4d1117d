using System.Net.WebSockets;
using System.Text;

namespace Connections.Backend.Sockets;

/// <summary>What a close frame says.</summary>
internal sealed record CloseReason(WebSocketCloseStatus Status, string? Text)
{
    internal const string Rules =
        "a code from 1000 to 4999 that may be sent (not 1004, 1005, 1006 or 1015) and at most 123 bytes of reason";

    internal static CloseReason GoingAway { get; } = new(WebSocketCloseStatus.EndpointUnavailable, "the backend is stopping");

    internal static CloseReason TooBig(int limit) => new(WebSocketCloseStatus.MessageTooBig, $"messages have at most {limit} bytes");

    /// <summary>Null when RFC 6455 does not allow the code or the reason in a close frame.</summary>
    internal static CloseReason? From(int code, string? text) =>
        code is >= 1000 and <= 4999 and not (1004 or 1005 or 1006 or 1015) && Encoding.UTF8.GetByteCount(text ?? "") <= 123
            ? new((WebSocketCloseStatus)code, text)
            : null;
}
