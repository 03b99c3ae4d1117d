using System.Text;

namespace Connections.Load.Tabs;

/// <summary>What a tab says to be open, and how it knows that it is.</summary>
/// <param name="SubProtocol">What it offers, if anything.</param>
/// <param name="First">What it says once the WebSocket is open.</param>
/// <param name="Next">What it says once that is answered.</param>
/// <param name="Opened">What stands in the last answer: without it the WebSocket itself is all.</param>
internal sealed record Protocol(string? SubProtocol, byte[]? First = null, byte[]? Next = null, byte[]? Opened = null)
{
    private const char End = '\u001e';

    /// <summary>Messages as they are.</summary>
    public static Protocol Verbatim { get; } = new((string?)null);

    /// <summary>The envelopes of <c>connections.v1</c>.</summary>
    public static Protocol Envelopes { get; } = new("connections.v1", Bytes("""{"type":"open"}"""), Opened: Bytes("\"opened\""));

    /// <summary>A SignalR hub, in JSON.</summary>
    public static Protocol Hub { get; } = new(null, Bytes($$"""{"protocol":"json","version":1}{{End}}"""), Opened: Bytes($"{{}}{End}"));

    /// <summary>Our hub: its tabs ask to be opened.</summary>
    public static Protocol ConnectionHub { get; } = Hub with
    {
        Next = Bytes($$"""{"type":1,"invocationId":"1","target":"Open","arguments":[null]}{{End}}"""),
        Opened = Bytes("\"result\":{"),
    };

    /// <summary>What SignalR says to show that it lives, and wants to hear.</summary>
    public static byte[] HubPing { get; } = Bytes($$"""{"type":6}{{End}}""");

    /// <summary>The answer to the first message of SignalR.</summary>
    public static byte[] HubWelcome => Hub.Opened!;

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
