using Connections.Core;
using Connections.Grains.Abstractions.Sending;

namespace Connections.Grains.Sending;

/// <summary>The outbox's answers as they go to fronts.</summary>
internal static class Receipts
{
    public static Receipt From(OutboxReceipt receipt, long? retryAfterMs = null) => new(
        receipt.Id.ToString(),
        receipt.Verdict.Status switch
        {
            OutboxStatus.Queued => ReceiptStatus.Queued,
            OutboxStatus.Sent => ReceiptStatus.Sent,
            OutboxStatus.Rejected => ReceiptStatus.Rejected,
            OutboxStatus.Expired => ReceiptStatus.Expired,
            _ => ReceiptStatus.Unknown,
        },
        receipt.Verdict switch
        {
            { Status: OutboxStatus.Unknown } => ReceiptReason.UpstreamLost,
            { Rejection: OutboxRejection.QueueFull } => ReceiptReason.QueueFull,
            { Rejection: OutboxRejection.TooLarge } => ReceiptReason.TooLarge,
            { Rejection: OutboxRejection.Rate } => ReceiptReason.Rate,
            { Rejection: OutboxRejection.BreakerOpen } => ReceiptReason.BreakerOpen,
            _ => ReceiptReason.None,
        },
        receipt.Verdict.Rejection is OutboxRejection.BreakerOpen ? retryAfterMs : null);
}
