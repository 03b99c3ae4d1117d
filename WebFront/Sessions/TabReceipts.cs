using Connections.Core;
using Connections.Grains.Abstractions.Sending;

namespace Connections.WebFront.Sessions;

/// <summary>
/// The final receipts that a tab is owed: of each message that was answered with "queued" one, and once, though links push a batch again when its
/// answer was lost. Bounded. Thread-safe.
/// </summary>
internal sealed class TabReceipts
{
    private const int MaxOpen = 1_024;

    private readonly Lock _gate = new();

    // Messages without a final receipt, with the one that came before their answer. Made when the tab first sends: most only listen.
    private Dictionary<string, Open>? _open;
    private Queue<Receipt>? _owed;
    private HashSet<string>? _watched;

    /// <summary>The messages that wait for their final receipt.</summary>
    public IReadOnlyList<string> Waiting
    {
        get
        {
            lock (_gate)
                return _open is null ? [] : [.. _open.Where(o => o.Value.Queued).Select(o => o.Key)];
        }
    }

    /// <summary>All final receipts of a client are for this tab, whoever sends for it.</summary>
    public void Watches(string client)
    {
        lock (_gate)
            (_watched ??= new(StringComparer.Ordinal)).Add(client);
    }

    /// <summary>The tab sends a message, or asks again about one.</summary>
    public void Sends(string id)
    {
        lock (_gate)
        {
            _open ??= new(StringComparer.Ordinal);
            if (_open.Count < MaxOpen)
                _open.TryAdd(id, default);
        }
    }

    /// <summary>The message has its answer.</summary>
    /// <returns>What to tell the tab: the answer, or the final receipt if that has overtaken it.</returns>
    public Receipt Answered(Receipt answer)
    {
        lock (_gate)
        {
            if (_open is null || !_open.TryGetValue(answer.Id, out var open))
                return answer;
            if (answer.Status is ReceiptStatus.Queued && open.Overtook is null)
                _open[answer.Id] = new Open(true, null);
            else
                _open.Remove(answer.Id);
            return answer.Status is ReceiptStatus.Queued ? open.Overtook ?? answer : answer;
        }
    }

    /// <summary>A final receipt came; keeps it if the tab is owed it.</summary>
    /// <returns>Whether there is something to tell now.</returns>
    public bool Offer(Receipt receipt)
    {
        lock (_gate)
        {
            if (_open is not null && _open.TryGetValue(receipt.Id, out var open))
            {
                if (!open.Queued)
                {
                    _open[receipt.Id] = new Open(false, receipt);
                    return false;
                }

                _open.Remove(receipt.Id);
            }
            else if (_watched is null || _owed?.Count >= MaxOpen || !OutboxMessageId.TryParse(receipt.Id, out var id) || !_watched.Contains(id.Client))
            {
                return false;
            }

            (_owed ??= new()).Enqueue(receipt);
            return true;
        }
    }

    /// <summary>The next one to tell.</summary>
    public bool TryTake(out Receipt receipt)
    {
        receipt = null!;
        lock (_gate)
            return _owed?.TryDequeue(out receipt!) is true;
    }

    private readonly record struct Open(bool Queued, Receipt? Overtook);
}
