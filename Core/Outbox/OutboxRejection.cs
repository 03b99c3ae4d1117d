namespace Connections.Core;

/// <summary>Why a message was not accepted.</summary>
public enum OutboxRejection : byte
{
    /// <summary>It was accepted.</summary>
    None,

    /// <summary>Too many messages or bytes wait already. Worth trying again, with a new id.</summary>
    QueueFull,

    /// <summary>It is larger than a message may be. Not worth trying again.</summary>
    TooLarge,

    /// <summary>Its client sends too fast. The caller of <see cref="Outbox.Offer"/> decides so.</summary>
    Rate,

    /// <summary>The breaker is open and this message was not to wait. The caller of <see cref="Outbox.Offer"/> decides so.</summary>
    BreakerOpen,
}
