using System.Runtime.CompilerServices;
using System.Text;
using Connections.Core;
using Connections.Grains.Abstractions.Delivery;
using Connections.WebFront.Sessions;

namespace Connections.WebFront.Tests;

/// <summary>What the tabs of one user read from their session: the same frames at the same place, once for all, and nothing that stays when all have it.</summary>
public sealed class SharingRanges
{
    private const ulong Epoch = 7;
    private const int Tabs = 2;

    private readonly SessionLog _log = new(new ReplayWindow());

    public SharingRanges() => _log.Apply(new ReadReply { Epoch = Epoch, First = 1, Top = 0, Refusal = Refusal.None, Frames = [] });

    [Fact]
    public void Tabs_that_stand_at_the_same_place_get_the_same_range()
    {
        _log.Apply(Run(1, "a"));
        Assert.Same(Read(after: 0), Read(after: 0));
        _log.Apply(Run(2, "b"));
        _log.Apply(Run(3, "c"));
        var both = Read(after: 1);
        Assert.Same(both, Read(after: 1));
        Assert.Equal("bc", Text(both));
    }

    [Fact]
    public void A_tab_that_comes_later_reads_all_it_lacks()
    {
        _log.Apply(Run(1, "a"));
        Assert.Equal("a", Text(Read(after: 0)));
        _log.Apply(Run(2, "b"));
        Assert.Equal("ab", Text(Read(after: 0)));
        Assert.Equal("b", Text(Read(after: 1)));
    }

    [Fact]
    public void More_than_one_range_has_room_for_is_shared_too()
    {
        for (var offset = 1; offset <= 600; offset++)
            _log.Apply(Run(offset, "a"));
        var first = Read(after: 0);
        Assert.Same(first, Read(after: 0));
        Assert.InRange(first.Frames.Length, 1, 599);
        Assert.Equal(first.End.Offset + 1, Read(first.End.Offset).Frames[0].Offset);
    }

    [Fact]
    public void A_run_that_repeats_what_is_here_adds_what_is_new()
    {
        _log.Apply(Run(1, "a"));
        _log.Apply(new FeedRun { UserId = "alice", AttachId = 1, Generation = 1, Epoch = Epoch, Frames = [.. Run(1, "a").Frames, .. Run(2, "b").Frames] });
        Assert.Equal("b", Text(Read(after: 1)));
        Assert.Equal("ab", Text(Read(after: 0)));
    }

    [Fact]
    public void A_run_after_a_hole_comes_once_the_hole_is_filled()
    {
        _log.Apply(Run(1, "a"));
        _log.Apply(Run(4, "d"));
        Assert.True(_log.HasHole);
        Assert.Equal("a", Text(Read(after: 0)));
        Assert.Null(Next(after: 1).Range);
        _log.Apply(new ReadReply { Epoch = Epoch, First = 1, Top = 4, Refusal = Refusal.None, Frames = [.. Run(2, "b").Frames, .. Run(3, "c").Frames, .. Run(4, "d").Frames] });
        Assert.Equal("bcd", Text(Read(after: 1)));
    }

    [Fact]
    public void A_run_of_a_log_that_was_replaced_is_nobodys()
    {
        _log.Apply(Run(1, "a"));
        _log.Apply(new ReadReply { Epoch = Epoch + 1, First = 1, Top = 1, Refusal = Refusal.EpochChanged, Frames = Run(1, "x").Frames });
        Assert.Equal(TabReadKind.Restart, Next(after: 0).Kind);
        Assert.Equal("x", Text(_log.Read(new FramePosition(Epoch + 1, 0), _log.ResetVersion, _log.StateVersion, Tabs).Range!));
    }

    [Fact]
    public void What_came_at_once_is_written_in_pieces_that_a_slow_line_can_take()
    {
        _log.Apply(new FeedRun
        {
            UserId = "alice",
            AttachId = 1,
            Generation = 1,
            Epoch = Epoch,
            Frames = [.. Enumerable.Range(1, 100).Select(offset => new Frame(offset, FrameKind.Text, new byte[2_000], 0))],
        });
        Assert.InRange(Read(after: 0).Bytes, 2_000, 64 << 10);
    }

    [Fact]
    public void What_a_tab_never_reads_is_forgotten_when_the_log_is_trimmed()
    {
        var range = ReadByOne();
        _log.Trim(now: 0);
        GC.Collect();
        Assert.False(range.TryGetTarget(out _));

        [MethodImpl(MethodImplOptions.NoInlining)]
        WeakReference<FrameRange> ReadByOne()
        {
            _log.Apply(Run(1, "a"));
            return new WeakReference<FrameRange>(Read(after: 0));
        }
    }

    [Fact]
    public void What_all_tabs_have_is_no_object_for_a_collector_to_find()
    {
        var range = ReadByAll();
        GC.Collect();
        Assert.False(range.TryGetTarget(out _));
        Assert.Equal("a", Text(Read(after: 0)));

        [MethodImpl(MethodImplOptions.NoInlining)]
        WeakReference<FrameRange> ReadByAll()
        {
            _log.Apply(Run(1, "a"));
            for (var tab = 1; tab < Tabs; tab++)
                Read(after: 0);
            return new WeakReference<FrameRange>(Read(after: 0));
        }
    }

    private static string Text(FrameRange range) => string.Concat(range.Frames.Select(f => Encoding.UTF8.GetString(f.Payload.Span)));

    private static FeedRun Run(long offset, string text) => new()
    {
        UserId = "alice",
        AttachId = 1,
        Generation = 1,
        Epoch = Epoch,
        Frames = [new Frame(offset, FrameKind.Text, Encoding.UTF8.GetBytes(text), 0)],
    };

    private FrameRange Read(long after) => Next(after).Range!;

    private TabRead Next(long after) => _log.Read(new FramePosition(Epoch, after), _log.ResetVersion, _log.StateVersion, Tabs);
}
