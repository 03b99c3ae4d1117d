namespace Connections.Core;

/// <summary>A whole <see cref="Outbox"/> as a value, for those who store it.</summary>
/// <param name="Messages">The messages, in the order in which they go out.</param>
/// <param name="Clients">The clients, the least recently heard of first.</param>
public sealed record OutboxContent(IReadOnlyList<OutboxEntry> Messages, IReadOnlyList<OutboxClient> Clients);
