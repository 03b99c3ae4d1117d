namespace Connections.Core;

/// <summary>The answer to a message that was offered.</summary>
/// <param name="Kind">How it was taken.</param>
/// <param name="Receipt">The receipt; null if <see cref="OutboxAnswerKind.Skipped"/>.</param>
/// <param name="Expected">The sequence that the client must go on with, if <see cref="OutboxAnswerKind.Skipped"/>; else null. 1 also
/// means that the client is not, or no longer, known.</param>
public readonly record struct OutboxAnswer(OutboxAnswerKind Kind, OutboxReceipt? Receipt, long? Expected);
