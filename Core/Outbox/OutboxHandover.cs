namespace Connections.Core;

/// <summary>One message on its way to the upstream, from <see cref="Outbox.TryTake"/>.</summary>
/// <param name="Number">Tells the hand-overs of one message apart, since at-least-once may need several.</param>
/// <param name="Message">The message.</param>
public readonly record struct OutboxHandover(long Number, OutboxMessage Message);
