namespace Connections.Core;

/// <summary>A message from a tab to the upstream.</summary>
/// <param name="Id">The id that its client gave it.</param>
/// <param name="Payload">Its bytes. The outbox keeps them, so nobody may write to them any more.</param>
/// <param name="IsText">Whether it goes out as a text message; else as a binary one.</param>
/// <param name="Delivery">What becomes of it when the upstream dies.</param>
public sealed record OutboxMessage(
    OutboxMessageId Id,
    ReadOnlyMemory<byte> Payload,
    bool IsText = true,
    OutboxDelivery Delivery = OutboxDelivery.AtMostOnce);
