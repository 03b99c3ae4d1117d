namespace Connections.Core;

/// <summary>What a client is told about one of its messages.</summary>
/// <param name="Id">The message.</param>
/// <param name="Verdict">Where it is.</param>
public readonly record struct OutboxReceipt(OutboxMessageId Id, OutboxVerdict Verdict);
