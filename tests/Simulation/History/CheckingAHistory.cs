using Connections.Testing.History.Checking;
using Connections.Testing.History.Events;
using static Connections.Simulation.Tests.History.GoodDay;

namespace Connections.Simulation.Tests.History;

/// <summary>The checker finds each defect for what it is, where it is, and nothing in a history without one.</summary>
public sealed class CheckingAHistory
{
    private static readonly Expectations Settled = new() { IsSettled = true };

    /// <summary>Each defect: how it is injected, and which violation it must be. What only owners know is not needed for it.</summary>
    private static readonly Dictionary<string, Defect> ByName = new Defect[]
    {
        new("one frame is skipped", d => d.Lines.RemoveAt(d.Got("A", First, 5)), ViolationKind.UndeclaredGap, "A", $"{First}-5"),
        new("two frames are swapped", d => Swap(d, d.Got("A", First, 4), d.Got("A", First, 5)), ViolationKind.Reordered, "A", $"{First}-4"),
        new("one frame comes twice", d => Repeat(d, d.Got("A", First, 7)), ViolationKind.Doubled, "A", $"{First}-7"),
        new("a frame comes again after a resume", d => d.Lines.Insert(d.Got("B", First, 8), Tab("B", First, 7, "5")), ViolationKind.Doubled, "B", $"{First}-7"),
        new("a message is dropped before it is stamped", d => DropBeforeTheStamp(d, ("9", "9b")), ViolationKind.Lost, null, null, "9"),
        new("the first message of a connection is dropped", d => DropBeforeTheStamp(d, ("8", "9"), ("9", "9b")), ViolationKind.Lost, null, null, "8"),
        new("the last message of an open connection never comes", DropTheLast, ViolationKind.Lost, null, null, "12"),
        new("a message is stamped twice", d => Rename(d, ("4", "3")), ViolationKind.Doubled, null, $"{First}-5", "3"),
        new("two messages are swapped before they are stamped", d => Rename(d, ("3", "4"), ("4", "3")), ViolationKind.Reordered, null, $"{First}-5", "3"),
        new("two tabs see different contents", d => Change<TabReceived>(d, d.Got("B", First, 5), r => r with { Message = "2" }), ViolationKind.ContentsDiffer, null, $"{First}-5"),
        new("a frame that nobody sent", d => Rename(d, ("5", "55")), ViolationKind.Invented, null, $"{First}-7", "55"),
        new("a connection changes without a marker", NoMarkers, ViolationKind.UndeclaredGap, null, $"{First}-10", "8"),
        new("a gap is not told", d => d.Lines.RemoveAt(d.Find(e => e is TabGapTold { Tab: "A" })), ViolationKind.UndeclaredGap, "A", $"{Second}-1"),
        new("a gap is told too small", d => Change<TabGapTold>(d, d.Find(e => e is TabGapTold { Tab: "B" }), g => g with { Next = 1 }), ViolationKind.WrongGap, "B", $"{Second}-1"),
        new("a gap is told too large", d => Change<TabGapTold>(d, d.Find(e => e is TabGapTold { Tab: "B" }), g => g with { Next = 3 }), ViolationKind.WrongGap, "B", $"{Second}-2"),
        new("a gap is told with the wrong epoch", d => Change<TabGapTold>(d, d.Find(e => e is TabGapTold { Tab: "B" }), g => g with { Epoch = First }), ViolationKind.WrongGap, "B", $"{Second}-2"),
        new("frames come with the wrong epoch", d => Change<TabReceived>(d, d.Got("A", Second, 3), r => r with { Epoch = "000000000000000c" }), ViolationKind.UndeclaredGap, "A", "000000000000000c-3"),
        new("a frame comes between the refusal and its gap", d => Swap(d, d.Find(e => e is TabGapTold { Tab: "B" }), d.Got("B", Second, 2)), ViolationKind.FrameBeforeGap, "B", $"{Second}-2"),
        new("recovered is told at another position", FalseRecovery, ViolationKind.FalseRecovery, "B", $"{First}-8"),
        new("recovered is told, and a frame is missing", d => d.Lines.RemoveAt(d.Got("B", First, 8)), ViolationKind.UndeclaredGap, "B", $"{First}-8"),
        new("the frames of a stale owner reach a tab", StaleOwner, ViolationKind.StaleOwner, "A", $"{First}-14"),
        new("a tab never reaches the top", d => d.Lines.RemoveAt(d.Got("B", Second, 4)), ViolationKind.Stuck, "B", $"{Second}-3"),
        new("a gap is owed for ever", NoGapToTheEnd, ViolationKind.Stuck, "B"),
        new("sent, and the backend never got it", d => d.Lines.RemoveAt(d.Find(e => e is BackendReceived { Message: "aa:1" })), ViolationKind.LyingReceipt, null, null, "aa:1"),
        new("rejected, and the backend got it", d => d.Lines.Add(("backend", new BackendReceived(User, 3, "a:3"))), ViolationKind.LyingReceipt, null, null, "a:3"),
        new("expired, and the backend got it", d => d.Lines.Add(("backend", new BackendReceived(User, 3, "a:4"))), ViolationKind.LyingReceipt, null, null, "a:4"),
        new("a receipt changes", d => Change<ReceiptTold>(d, d.Find(e => e is ReceiptTold { Message: "a:2", Status: "sent", Late: false }), r => r with { Status = "unknown", Reason = "upstream-lost" }), ViolationKind.TwoFinals, null, null, "a:2"),
        new("a late notice comes twice", d => Repeat(d, d.Find(e => e is ReceiptTold { Message: "a:4", Late: true })), ViolationKind.TwoFinals, null, null, "a:4"),
        new("a message has no final status", d => d.Lines.RemoveAt(d.Find(e => e is ReceiptTold { Message: "a:4", Late: true })), ViolationKind.NoFinal, null, null, "a:4"),
        new("a message that may arrive once arrives twice", d => d.Lines.Add(("backend", new BackendReceived(User, 3, "a:1"))), ViolationKind.MessageTwice, null, null, "a:1"),
        new("a message that nobody sent arrives", d => d.Lines.Add(("backend", new BackendReceived(User, 3, "x:1"))), ViolationKind.Invented, null, null, "x:1"),
        new("messages of a client are swapped", SwapMessages, ViolationKind.Reordered, null, null, "a:1"),
        new("the old owner keeps its upstream", d => d.Lines.RemoveAt(d.Find(e => e is BackendClosed { Connection: 2 })), ViolationKind.TwoOwners, null, "connection 3"),
        new("a stale owner dials", d => d.Lines.AddRange([("backend", new BackendOpened(User, 4, 1)), ("backend", new BackendClosed(User, 4))]), ViolationKind.TwoOwners, null, "1"),
    }.ToDictionary(d => d.Name);

    /// <summary>Defects that only show in what owners write themselves.</summary>
    private static readonly Dictionary<string, Defect> OfOwners = new Defect[]
    {
        new("a generation is taken twice", d => d.Lines.Add(("silo", new OwnerTook(User, "o3", 2))), ViolationKind.TwoOwners, null, "o3"),
        new("two owners stamp one position", d => d.Lines.Add(("silo", new Stamped(User, "o3", 2, Second, 2, "text", "10"))), ViolationKind.TwoOwners, null, $"{Second}-2"),
        new("an owner keeps its upstream after the next has one", d => d.Lines.RemoveAt(d.Lines.FindLastIndex(l => l.Event is OwnerClosed { Owner: "o1" })), ViolationKind.TwoOwners, null, "the upstream of o2"),
    }.ToDictionary(d => d.Name);

    public static TheoryData<string> Defects => [.. ByName.Keys];

    public static TheoryData<string> DefectsOfOwners => [.. OfOwners.Keys];

    [Fact]
    public void A_good_day_is_clean() => Assert.Empty(HistoryChecker.Check(new GoodDay().Record(), Settled));

    [Fact]
    public void A_good_day_is_clean_by_what_tabs_and_backend_saw_alone() =>
        Assert.Empty(HistoryChecker.Check(new GoodDay().WithoutOwners().Record(), Settled));

    // A run may be looked at before it is over: every beginning of a good day is as good.
    [Fact]
    public void Every_beginning_of_a_good_day_is_clean()
    {
        for (var length = 0; length <= new GoodDay().Lines.Count; length++)
        {
            var day = new GoodDay();
            day.Lines.RemoveRange(length, day.Lines.Count - length);
            Assert.Empty(HistoryChecker.Check(day.Record()));
        }
    }

    [Theory, MemberData(nameof(Defects))]
    public void A_defect_is_found_by_what_tabs_and_backend_saw_alone(string name) => Finds(ByName[name], new GoodDay().WithoutOwners());

    [Theory, MemberData(nameof(Defects))]
    public void A_defect_is_found(string name) => Finds(ByName[name], new GoodDay());

    [Theory, MemberData(nameof(DefectsOfOwners))]
    public void A_defect_of_owners_is_found(string name) => Finds(OfOwners[name], new GoodDay());

    [Fact]
    public void Two_owners_within_the_bound_are_allowed()
    {
        var day = new GoodDay();
        var closed = day.Find(e => e is BackendClosed { Connection: 2 });
        var opened = day.Find(e => e is BackendOpened { Connection: 3 });
        day.Lines.Insert(opened + 3, day.Lines[closed]);
        day.Lines.RemoveAt(closed);

        Assert.Empty(HistoryChecker.Check(day.Record(), Settled with { OwnersMayOverlap = TimeSpan.FromMilliseconds(5) }));
        Assert.Single(HistoryChecker.Check(day.Record(), Settled), v => v.Kind is ViolationKind.TwoOwners);
    }

    [Fact]
    public void What_was_sent_may_be_lost_with_its_line()
    {
        var day = new GoodDay();
        day.Lines.RemoveAt(day.Find(e => e is BackendReceived { Message: "a:1" }));

        Assert.Empty(HistoryChecker.Check(day.Record(), Settled));
    }

    [Fact]
    public void What_was_sent_before_the_owner_heard_that_its_line_had_ended_may_be_lost()
    {
        var day = new GoodDay();
        var closed = day.Find(e => e is BackendClosed { Connection: 1 });
        day.Lines.InsertRange(closed + 1, [("A", new Submitted(User, "A", "late:1")), ("A", new ReceiptTold(User, "A", "late:1", "sent", null))]);

        Assert.Empty(HistoryChecker.Check(day.Record(), Settled with { LossIsHeardWithin = TimeSpan.FromMilliseconds(2) }));
        Assert.Single(HistoryChecker.Check(day.Record(), Settled), v => v.Kind is ViolationKind.LyingReceipt);
    }

    private static void Finds(Defect defect, GoodDay day)
    {
        defect.Inject(day);
        var found = HistoryChecker.Check(day.Record(), Settled);

        var violation = found.FirstOrDefault(v => v.Kind == defect.Kind && (v.Tab, v.Position, v.Message) == (defect.Tab, defect.Position, defect.Message));
        Assert.True(violation is not null, $"not found; there is {string.Join('\n', found)}");
        Assert.Equal(User, violation.User);
        Assert.NotEmpty(violation.Evidence);
    }

    private static (string By, HistoryEvent Event) Tab(string tab, string epoch, long offset, string message) => (tab, new TabReceived(User, tab, epoch, offset, "text", message));

    private static void Swap(GoodDay day, int one, int other) => (day.Lines[one], day.Lines[other]) = (day.Lines[other], day.Lines[one]);

    private static void Repeat(GoodDay day, int line) => day.Lines.Insert(line + 1, day.Lines[line]);

    private static void Change<T>(GoodDay day, int line, Func<T, T> change)
        where T : HistoryEvent
        => day.Lines[line] = (day.Lines[line].By, change((T)day.Lines[line].Event));

    // What owner and tabs have of a message, but not what the backend says of it.
    private static void Rename(GoodDay day, params (string From, string To)[] names)
    {
        for (var i = 0; i < day.Lines.Count; i++)
        {
            day.Lines[i] = (day.Lines[i].By, day.Lines[i].Event switch
            {
                Stamped { Message: { } m } s => s with { Message = To(m) },
                TabReceived { Message: { } m } r => r with { Message = To(m) },
                var other => other,
            });
        }

        string To(string message) => Array.Find(names, n => n.From == message).To ?? message;
    }

    private static void DropBeforeTheStamp(GoodDay day, params (string From, string To)[] names)
    {
        var sent = day.Find(e => e is BackendSent { Message: "9" });
        day.Lines.Insert(sent + 1, ("backend", new BackendSent(User, 2, "9b")));
        Rename(day, names);
    }

    private static void DropTheLast(GoodDay day) =>
        day.Lines.RemoveAll(l => l.Event is Stamped { Message: "12" } or TabReceived { Message: "12" });

    private static void NoMarkers(GoodDay day)
    {
        day.Lines.RemoveAll(l => l.Event is Stamped { Kind: not "text", Offset: > 1 } or TabReceived { Kind: not "text", Offset: > 1 });
        for (var i = 0; i < day.Lines.Count; i++)
        {
            day.Lines[i] = (day.Lines[i].By, day.Lines[i].Event switch
            {
                Stamped { Epoch: First, Offset: > 9 } s => s with { Offset = s.Offset - 2 },
                TabReceived { Epoch: First, Offset: > 9 } r => r with { Offset = r.Offset - 2 },
                var other => other,
            });
        }
    }

    private static void FalseRecovery(GoodDay day)
    {
        Change<TabOpened>(day, day.Find(e => e is TabOpened { Tab: "B", Recovered: true }), o => o with { Position = $"{First}-8" });
        day.Lines.RemoveAt(day.Got("B", First, 8));
    }

    private static void StaleOwner(GoodDay day)
    {
        day.Lines.Add(("A", new TabGapTold(User, "A", First, "epoch-changed", 14)));
        day.Lines.Add(Tab("A", First, 14, "9"));
    }

    private static void NoGapToTheEnd(GoodDay day)
    {
        var refused = day.Find(e => e is TabOpened { Tab: "B", Asked: not null, Recovered: false });
        day.Lines.RemoveAll(l => day.Lines.IndexOf(l) > refused && l.By == "B");
    }

    private static void SwapMessages(GoodDay day)
    {
        var one = day.Find(e => e is BackendReceived { Message: "a:1" });
        var other = day.Find(e => e is BackendReceived { Message: "a:2" });
        Swap(day, one, other);
    }

    private sealed record Defect(
        string Name, Action<GoodDay> Inject, ViolationKind Kind, string? Tab = null, string? Position = null, string? Message = null);
}
