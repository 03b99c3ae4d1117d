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
    private readonly SortedSet<long> _open = [];
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
            _open.Add(++_sequence);
            id = Id(_sequence);
        }

        return SayAsync(id);
    }

    /// <summary>The tab is back: asks again about what has no final status.</summary>
    public async Task AskAgainAsync()
    {
        string[] ids;
        lock (_gate)
            ids = [.. _open.Select(Id)];
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

            var parts = receipt.Id.Split(':');
            if (parts[0] != Client)
                return;
            _open.Remove(long.Parse(parts[1], CultureInfo.InvariantCulture));
            if (receipt.Reason != "expected")
                return;

            // The owner died with what it knew of this client.
            _client++;
            _sequence = 0;
            _open.Clear();
        }
    }

    private string Client => string.Create(CultureInfo.InvariantCulture, $"{tab}-{_client}");

    private string Id(long sequence) => string.Create(CultureInfo.InvariantCulture, $"{Client}:{sequence}");

    private Task SayAsync(string id)
    {
        write(new Submitted(user, tab, id));
        return say($$"""{"type":"send","id":"{{id}}","text":"{{id}}"}""");
    }
}
