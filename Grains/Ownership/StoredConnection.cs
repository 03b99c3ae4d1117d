using Connections.Core;

namespace Connections.Grains.Ownership;

/// <summary>What outlives an activation of a user's connection, in grain storage.</summary>
public sealed record StoredConnection
{
    /// <summary>Raised by every owner before its first dial: a lower one is stale.</summary>
    public long Generation { get; set; }

    /// <summary>Which activation wrote it, so that a write whose answer got lost is known for one's own.</summary>
    public string? Owner { get; set; }

    /// <summary>Whether the last owner left in order. Only then do <see cref="Epoch"/> and <see cref="Top"/> tell where its log ended.</summary>
    public bool Clean { get; set; }

    /// <summary>The epoch of the last owner's log, as on the wire.</summary>
    public string? Epoch { get; set; }

    /// <summary>The newest offset, when <see cref="Clean"/>.</summary>
    public long Top { get; set; }

    /// <summary>Messages that wait for the upstream and the answers given: of a durable outbox always, else when the last owner left in order.</summary>
    public OutboxContent? Outbox { get; set; }

    /// <summary>The breaker at its last transition; null when it never left its initial state.</summary>
    public BreakerSnapshot? Breaker { get; set; }
}
