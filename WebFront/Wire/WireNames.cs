using Connections.Core;
using Connections.Grains.Abstractions.Sending;
using Connections.Grains.Abstractions.State;

namespace Connections.WebFront.Wire;

/// <summary>The names of enum values on the wire: one place, so that every way in says the same.</summary>
internal static class WireNames
{
    public static string Of(FrameKind kind) => kind switch
    {
        FrameKind.Text => "text",
        FrameKind.Binary => "binary",
        FrameKind.UpstreamOpened => "upstream-opened",
        FrameKind.UpstreamClosed => "upstream-closed",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    public static string Of(Refusal refusal) => refusal switch
    {
        Refusal.EpochChanged => "epoch-changed",
        Refusal.Evicted => "evicted",
        Refusal.FutureOffset => "future-offset",
        _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal, null),
    };

    public static string Of(UpstreamStatus status) => status switch
    {
        UpstreamStatus.None => "none",
        UpstreamStatus.Idle => "idle",
        UpstreamStatus.Connecting => "connecting",
        UpstreamStatus.Open => "open",
        UpstreamStatus.Waiting => "waiting",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
    };

    public static string Of(BreakerState state) => state switch
    {
        BreakerState.Closed => "closed",
        BreakerState.Open => "open",
        BreakerState.HalfOpen => "half-open",
        BreakerState.ForcedOpen => "forced-open",
        BreakerState.ForcedClosed => "forced-closed",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    public static string Of(ReceiptStatus status) => status switch
    {
        ReceiptStatus.Sent => "sent",
        ReceiptStatus.Queued => "queued",
        ReceiptStatus.Rejected => "rejected",
        ReceiptStatus.Expired => "expired",
        ReceiptStatus.Unknown => "unknown",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
    };

    public static string? Of(ReceiptReason reason) => reason switch
    {
        ReceiptReason.None => null,
        ReceiptReason.UpstreamDown => "upstream-down",
        ReceiptReason.BreakerOpen => "breaker-open",
        ReceiptReason.QueueFull => "queue-full",
        ReceiptReason.TooLarge => "too-large",
        ReceiptReason.Rate => "rate",
        ReceiptReason.BadId => "bad-id",
        ReceiptReason.UpstreamLost => "upstream-lost",
        ReceiptReason.OwnerLost => "owner-lost",
        ReceiptReason.Expected => "expected",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
    };
}
