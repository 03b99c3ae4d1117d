using System.Collections.Concurrent;
using Connections.Core;
using Connections.Grains.Abstractions.Sending;

namespace Connections.WebFront.Sessions;

/// <summary>The final receipts that a tab still has to be told: only of clients that sent through it, and never more than an outbox holds.</summary>
internal sealed class TabReceipts
{
    private const int MaxWaiting = 1_024;

    private readonly ConcurrentQueue<Receipt> _waiting = [];
    private readonly ConcurrentDictionary<string, bool> _clients = new(StringComparer.Ordinal);

    /// <summary>A client sends through this tab.</summary>
    public void Sends(OutboxMessageId id) => _clients.TryAdd(id.Client, true);

    /// <summary>A receipt came; keeps it if it is for a client of this tab.</summary>
    /// <returns>Whether it was kept.</returns>
    public bool Offer(Receipt receipt)
    {
        if (!OutboxMessageId.TryParse(receipt.Id, out var id) || !_clients.ContainsKey(id.Client) || _waiting.Count >= MaxWaiting)
            return false;
        _waiting.Enqueue(receipt);
        return true;
    }

    /// <summary>The next one to tell.</summary>
    public bool TryTake(out Receipt receipt) => _waiting.TryDequeue(out receipt!);
}
