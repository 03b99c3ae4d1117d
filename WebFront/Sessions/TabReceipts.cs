using System.Collections.Concurrent;
using Connections.Core;
using Connections.Grains.Abstractions.Sending;

namespace Connections.WebFront.Sessions;

/// <summary>The final receipts that a tab still has to be told: only of clients that sent through it, and never more than an outbox holds.</summary>
internal sealed class TabReceipts
{
    private const int MaxWaiting = 1_024;

    // Most tabs never send, and own neither.
    private ConcurrentQueue<Receipt>? _waiting;
    private ConcurrentDictionary<string, bool>? _clients;

    /// <summary>A client sends through this tab.</summary>
    public void Sends(OutboxMessageId id) =>
        LazyInitializer.EnsureInitialized(ref _clients, static () => new(concurrencyLevel: 1, capacity: 1, StringComparer.Ordinal)).TryAdd(id.Client, true);

    /// <summary>A receipt came; keeps it if it is for a client of this tab.</summary>
    /// <returns>Whether it was kept.</returns>
    public bool Offer(Receipt receipt)
    {
        if (Volatile.Read(ref _clients) is not { } clients || !OutboxMessageId.TryParse(receipt.Id, out var id) || !clients.ContainsKey(id.Client))
            return false;
        var waiting = LazyInitializer.EnsureInitialized(ref _waiting);
        if (waiting.Count >= MaxWaiting)
            return false;
        waiting.Enqueue(receipt);
        return true;
    }

    /// <summary>The next one to tell.</summary>
    public bool TryTake(out Receipt receipt)
    {
        receipt = null!;
        return Volatile.Read(ref _waiting)?.TryDequeue(out receipt!) == true;
    }
}
