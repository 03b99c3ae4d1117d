namespace Connections.Core;

/// <summary>What the outbox remembers of a client, as it is stored.</summary>
/// <param name="Id">The client.</param>
/// <param name="NextSequence">The sequence expected next.</param>
/// <param name="Verdicts">The last answers in order; the last one is that of <c>NextSequence - 1</c>.</param>
public sealed record OutboxClient(string Id, long NextSequence, IReadOnlyList<OutboxVerdict> Verdicts);
