namespace Connections.Core;

/// <summary>Where a message is. All but <see cref="Queued"/> are final, and each message gets exactly one final status.</summary>
public enum OutboxStatus : byte
{
    /// <summary>It waits for the upstream or is being handed over.</summary>
    Queued,

    /// <summary>It was handed over, with proof.</summary>
    Sent,

    /// <summary>It was not accepted; <see cref="OutboxRejection"/> says why. It was never handed over.</summary>
    Rejected,

    /// <summary>It waited too long. It was never handed over.</summary>
    Expired,

    /// <summary>It may have arrived or not: the upstream died while it was being handed over. Or its client asks about a message
    /// so old that its answer is forgotten.</summary>
    Unknown,
}
