using System.Text;

namespace Connections.Grains.Abstractions.Streams;

/// <summary>A message that a service in the cluster pushes to a user. It becomes a frame of the user's log.</summary>
/// <param name="IsText">Whether the payload is UTF-8 text.</param>
/// <param name="Payload">The message; its bytes must never change again.</param>
[GenerateSerializer, Immutable, Alias("connections.inbox-message")]
public sealed record InboxMessage(bool IsText, byte[] Payload)
{
    /// <summary>A text message.</summary>
    public static InboxMessage FromText(string text) => new(true, Encoding.UTF8.GetBytes(text));
}
