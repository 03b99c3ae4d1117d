using Connections.Testing.History;
using Connections.Testing.History.Events;

namespace Connections.Simulation.Tests.History;

/// <summary>
/// A history in which everything was as promised: two tabs, one of which reconnects; an upstream that drops, and messages that wait, expire and
/// are sent again meanwhile; an owner that dies, and one that follows it. A millisecond between two lines.
/// </summary>
internal sealed class GoodDay
{
    public const string User = "alice";
    public const string First = "000000000000000a";
    public const string Second = "000000000000000b";

    private const string Backend = "backend";
    private const string Silo = "silo";
    private const string A = "A";
    private const string B = "B";

    private readonly List<(string By, HistoryEvent Event)> _lines = [];

    public GoodDay()
    {
        TwoTabsAndAnUpstream();
        OneTabReconnects();
        TheUpstreamDrops();
        TheOwnerDies();
    }

    /// <summary>What happened, to be spoilt.</summary>
    public List<(string By, HistoryEvent Event)> Lines => _lines;

    /// <summary>Where a line stands.</summary>
    public int Find(Predicate<HistoryEvent> which) => _lines.FindIndex(l => which(l.Event));

    /// <summary>Where a tab got a frame.</summary>
    public int Got(string tab, string epoch, long offset) => Find(e => e is TabReceived r && r.Tab == tab && r.Epoch == epoch && r.Offset == offset);

    /// <summary>Without what only the owners know.</summary>
    public GoodDay WithoutOwners()
    {
        _lines.RemoveAll(l => l.By == Silo);
        return this;
    }

    /// <summary>As it would have been recorded.</summary>
    public RecordedHistory Record() =>
        new(_lines.Select((line, i) => (line, i)).GroupBy(x => x.line.By).SelectMany(
            process => process.Select((x, n) => new HistoryLine(process.Key, n + 1, 1_000 * (x.i + 1), x.line.Event))));

    private void TwoTabsAndAnUpstream()
    {
        Add(Silo, new OwnerTook(User, "o1", 1));
        Add(A, new TabOpened(User, A, null, false, $"{First}-0"));
        Add(Backend, new BackendOpened(User, 1, 1));
        Add(Silo, new OwnerOpened(User, "o1", 1));
        Stamp("o1", 1, First, 1, "upstream-opened", null);
        Get(A, First, 1, "upstream-opened", null);
        Say(1, "1", "o1", 1, First, 2, A);
        Say(1, "2", "o1", 1, First, 3, A);
        Add(B, new TabOpened(User, B, null, false, $"{First}-3"));
        Say(1, "3", "o1", 1, First, 4, A, B);
        Say(1, "4", "o1", 1, First, 5, A, B);
        Push("inbox-1", "o1", 1, First, 6, A, B);
        Say(1, "5", "o1", 1, First, 7, A, B);
        Add(A, new Submitted(User, A, "a:1"));
        Add(Backend, new BackendReceived(User, 1, "a:1"));
        Add(A, new ReceiptTold(User, A, "a:1", "sent"));
    }

    private void OneTabReconnects()
    {
        Add(B, new TabClosed(User, B));
        Say(1, "6", "o1", 1, First, 8, A);
        Say(1, "7", "o1", 1, First, 9, A);
        Add(B, new TabOpened(User, B, $"{First}-7", true, $"{First}-7"));
        Get(B, First, 8, "text", "6");
        Get(B, First, 9, "text", "7");
        Add(B, new Submitted(User, B, "b:1", AtLeastOnce: true));
        Add(Backend, new BackendReceived(User, 1, "b:1"));
    }

    private void TheUpstreamDrops()
    {
        Add(Backend, new BackendSent(User, 1, "never came"));
        Add(Backend, new BackendClosed(User, 1));
        Add(Silo, new OwnerClosed(User, "o1", 1));
        Mark("o1", 1, First, 10, "upstream-closed");
        Add(B, new ReceiptTold(User, B, "b:1", "queued"));
        Ask("a:2", "queued");
        Ask("a:3", "rejected", "queue-full");
        Ask("a:4", "queued");
        Add(A, new ReceiptTold(User, A, "a:4", "expired", Late: true));
        Add(Backend, new BackendOpened(User, 2, 1));
        Add(Silo, new OwnerOpened(User, "o1", 1));
        Mark("o1", 1, First, 11, "upstream-opened");
        Add(Backend, new BackendReceived(User, 2, "b:1"));
        Add(B, new ReceiptTold(User, B, "b:1", "sent", Late: true));
        Add(Backend, new BackendReceived(User, 2, "a:2"));
        Add(A, new ReceiptTold(User, A, "a:2", "sent", Late: true));
        Ask("a:2", "sent");
        Say(2, "8", "o1", 1, First, 12, A, B);
        Say(2, "9", "o1", 1, First, 13, A, B);
    }

    private void TheOwnerDies()
    {
        Ask("a:5", "sent");
        Add(Backend, new BackendClosed(User, 2));
        Add(Silo, new OwnerClosed(User, "o1", 1));
        Ask("a:6", "unknown", "owner-lost");
        Add(Silo, new OwnerTook(User, "o2", 2));
        Add(A, new TabGapTold(User, A, Second, "epoch-changed", 1));
        Add(B, new TabClosed(User, B));
        Add(Backend, new BackendOpened(User, 3, 2));
        Add(Silo, new OwnerOpened(User, "o2", 2));
        Stamp("o2", 2, Second, 1, "upstream-opened", null);
        Get(A, Second, 1, "upstream-opened", null);
        Add(B, new TabOpened(User, B, $"{First}-13", false, $"{Second}-1"));
        Add(B, new TabGapTold(User, B, Second, "epoch-changed", 2));
        Say(3, "10", "o2", 2, Second, 2, A, B);
        Say(3, "11", "o2", 2, Second, 3, A, B);
        Say(3, "12", "o2", 2, Second, 4, A, B);
        Ask("a:7", "rejected", "expected");
        Add(A, new Submitted(User, A, "aa:1"));
        Add(Backend, new BackendReceived(User, 3, "aa:1"));
        Add(A, new ReceiptTold(User, A, "aa:1", "sent"));
    }

    private void Add(string by, HistoryEvent what) => _lines.Add((by, what));

    private void Ask(string id, string status, string? reason = null)
    {
        Add(A, new Submitted(User, A, id));
        Add(A, new ReceiptTold(User, A, id, status, reason));
    }

    private void Say(long connection, string message, string owner, long generation, string epoch, long offset, params string[] tabs)
    {
        Add(Backend, new BackendSent(User, connection, message));
        Spread(message, owner, generation, epoch, offset, tabs);
    }

    private void Push(string message, string owner, long generation, string epoch, long offset, params string[] tabs)
    {
        Add("pusher", new Pushed(User, message));
        Spread(message, owner, generation, epoch, offset, tabs);
    }

    private void Spread(string message, string owner, long generation, string epoch, long offset, string[] tabs)
    {
        Stamp(owner, generation, epoch, offset, "text", message);
        foreach (var tab in tabs)
            Get(tab, epoch, offset, "text", message);
    }

    private void Mark(string owner, long generation, string epoch, long offset, string kind)
    {
        Stamp(owner, generation, epoch, offset, kind, null);
        Get(A, epoch, offset, kind, null);
        Get(B, epoch, offset, kind, null);
    }

    private void Stamp(string owner, long generation, string epoch, long offset, string kind, string? message) =>
        Add(Silo, new Stamped(User, owner, generation, epoch, offset, kind, message));

    private void Get(string tab, string epoch, long offset, string kind, string? message) => Add(tab, new TabReceived(User, tab, epoch, offset, kind, message));
}
