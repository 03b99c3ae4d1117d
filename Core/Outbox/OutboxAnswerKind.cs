namespace Connections.Core;

/// <summary>How <see cref="Outbox.Offer"/> took a message.</summary>
public enum OutboxAnswerKind
{
    /// <summary>Its id is the next one of its client: the receipt says whether it waits or is rejected.</summary>
    New,

    /// <summary>Its id came before: the receipt is what is remembered of that one, and nothing was done.</summary>
    Repeated,

    /// <summary>Its id is not the next one of its client: nothing was done, and the answer names the one that is expected.</summary>
    Skipped,
}
