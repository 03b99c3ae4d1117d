namespace Connections.Grains.Abstractions.Sending;

/// <summary>A tab's message on its way to the upstream.</summary>
/// <param name="Id"><c>clientId:seq</c>, chosen by the tab.</param>
/// <param name="IsText">Whether the payload is UTF-8 text.</param>
/// <param name="Payload">The message; its bytes must never change again.</param>
/// <param name="AtLeastOnce">Whether to send it again when the upstream died before there was proof; by default it is then unknown.</param>
/// <param name="TooLarge">The front did not take it, and sends it without its payload: the id is used up all the same, in its turn.</param>
/// <param name="TooFast">The same, because the tab sends faster than it may.</param>
/// <param name="TraceParent">The W3C trace parent of the send, when it is recorded: a call carries messages of many.</param>
[GenerateSerializer, Immutable, Alias("connections.out")]
public sealed record OutgoingMessage(
    string Id,
    bool IsText,
    byte[] Payload,
    bool AtLeastOnce = false,
    bool TooLarge = false,
    string? TraceParent = null,
    bool TooFast = false);
