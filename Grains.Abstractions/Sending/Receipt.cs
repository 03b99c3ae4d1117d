namespace Connections.Grains.Abstractions.Sending;

/// <summary>What became of a tab's message.</summary>
/// <param name="Id">The message's id.</param>
/// <param name="Status">What became of it.</param>
/// <param name="Reason">Why, for <see cref="ReceiptStatus.Rejected"/> and <see cref="ReceiptStatus.Unknown"/>.</param>
/// <param name="RetryAfterMs">When trying again makes sense, where that is known.</param>
/// <param name="Expected">The sequence that is due from this client, for <see cref="ReceiptReason.Expected"/>.</param>
[GenerateSerializer, Immutable, Alias("connections.receipt")]
public sealed record Receipt(string Id, ReceiptStatus Status, ReceiptReason Reason = ReceiptReason.None, long? RetryAfterMs = null, long? Expected = null);
