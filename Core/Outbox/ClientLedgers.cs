namespace Connections.Core;

/// <summary>The ledgers of a user's clients, the least recently heard of first. They are few: a list is enough.</summary>
internal sealed class ClientLedgers(int maxClients, int maxReceipts)
{
    private readonly List<ClientLedger> _byUse = [];

    /// <summary>How many there are.</summary>
    public int Count => _byUse.Count;

    /// <summary>Finds a ledger.</summary>
    public ClientLedger? Find(string id) => _byUse.Find(ledger => ledger.Id == id);

    /// <summary>Finds a ledger and makes it the most recent one.</summary>
    public ClientLedger? Use(string id)
    {
        var index = _byUse.FindLastIndex(ledger => ledger.Id == id);
        if (index < 0) return null;
        var found = _byUse[index];
        _byUse.RemoveAt(index);
        _byUse.Add(found);
        return found;
    }

    /// <summary>Begins a ledger. Beyond the bound the least recent one leaves of which nothing is pending; if all have something
    /// pending, nobody leaves, so that pending messages are the bound then.</summary>
    public ClientLedger Begin(string id)
    {
        var idle = _byUse.Count >= maxClients ? _byUse.FindIndex(ledger => ledger.Pending == 0) : -1;
        if (idle >= 0) _byUse.RemoveAt(idle);

        var begun = new ClientLedger(id, maxReceipts);
        _byUse.Add(begun);
        return begun;
    }

    /// <summary>Takes over a stored ledger as the most recent one.</summary>
    public void Restore(OutboxClient stored) => _byUse.Add(new(stored, maxReceipts));

    /// <summary>As they are stored.</summary>
    public OutboxClient[] Save() => [.. _byUse.Select(ledger => ledger.Save())];
}
