namespace Connections.Core;

/// <summary>What becomes of a message that was handed over when the upstream died, with no proof that it was sent.</summary>
public enum OutboxDelivery
{
    /// <summary>It is <see cref="OutboxStatus.Unknown"/> and not sent again: the backend may see it once or not at all.</summary>
    AtMostOnce,

    /// <summary>It goes back to its place at the head and is sent again: the backend may see it twice.</summary>
    AtLeastOnce,
}
