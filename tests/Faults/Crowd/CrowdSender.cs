using System.Globalization;
using Connections.Testing.History.Events;
using Connections.Testing.Tabs;

namespace Connections.Faults.Tests.Crowd;

/// <summary>
/// What a tab sends, and asks about until it knows: numbered by a client id of its own, sent again after a reconnect, a new client id when the
/// owner has forgotten the old one.
/// </summary>
internal sealed class CrowdSender(string user, string tab, Action<HistoryEvent> write, Func<string, Task> say)
{
    private readonly Lock _gate = new();
    private readonly SortedSet<(int Client, long Sequence)> _open = [];
    private readonly HashSet<string> _queued = [];
    private int _client;
    private long _sequence;

    /// <summary>How many messages have no final status yet.</summary>
    public int Open
    {
        get
        {
            lock (_gate)
                return _open.Count;
        }
    }

    /// <summary>Sends one more.</summary>
    public Task SendAsync()
    {
        string id;
        lock (_gate)
        {
            _open.Add((_client, ++_sequence));
            id = Id(_client, _sequence);
        }

        return SayAsync(id);
    }

    /// <summary>The tab is back: asks again about what has no final status.</summary>
    public async Task AskAgainAsync()
    {
        string[] ids;
        lock (_gate)
        {
            ids = [.. _open.Select(o => Id(o.Client, o.Sequence))];

            // What comes next for each is an answer, and only what follows that comes by itself.
            _queued.ExceptWith(ids);
        }

        foreach (var id in ids)
            await SayAsync(id);
    }

    /// <summary>A receipt came.</summary>
    public void Told(TabReceipt receipt)
    {
        lock (_gate)
        {
            write(new ReceiptTold(user, tab, receipt.Id, receipt.Status, receipt.Reason, _queued.Contains(receipt.Id)));
            if (receipt.Status == "queued")
            {
                _queued.Add(receipt.Id);
                return;
            }

            _open.RemoveWhere(o => Id(o.Client, o.Sequence) == receipt.Id);
            if (receipt.Reason != "expected" || !receipt.Id.StartsWith($"{ClientId(_client)}:", StringComparison.Ordinal))
                return;

            // The owner died with what it knew of this client. What else it sent under that name is still to be told of.
            _client++;
            _sequence = 0;
        }
    }

    private string ClientId(int client) => string.Create(CultureInfo.InvariantCulture, $"{tab}-{client}");

    private string Id(int client, long sequence) => string.Create(CultureInfo.InvariantCulture, $"{ClientId(client)}:{sequence}");

    private Task SayAsync(string id)
    {
        write(new Submitted(user, tab, id));
        return say($$"""{"type":"send","id":"{{id}}","text":"{{id}}"}""");
    }
}
