namespace Connections.Core;

/// <summary>A message in the outbox, as it is stored.</summary>
/// <param name="Message">The message.</param>
/// <param name="AcceptedAt">When it was accepted, by the wall clock.</param>
/// <param name="Progress">How far it has come.</param>
public sealed record OutboxEntry(OutboxMessage Message, DateTimeOffset AcceptedAt, OutboxProgress Progress);
