using System.Runtime.CompilerServices;
using System.Text;
using CsCheck;

namespace Connections.Core.Tests;

/// <summary>The log: offsets without holes, a window that is kept exactly, and honest refusals.</summary>
public sealed class ReplayLogs
{
    private const ulong Epoch = 7;

    private static readonly ReplayWindow Small = new() { MaxFrames = 8, MaxBytes = 2_048, MaxAge = TimeSpan.FromSeconds(10) };

    private abstract record Step
    {
        public sealed record Append(int Size) : Step;

        public sealed record Trim(int Milliseconds) : Step;

        public sealed record Read(int Back, int MaxFrames, int MaxBytes) : Step;

        public sealed record Clear : Step;
    }

    private static Gen<Step> AnyStep(int frames, int bytes, int largest) => Gen.Frequency(
        (50, Gen.Int[0, largest / 10].Select(s => (Step)new Step.Append(s))),
        (10, Gen.Int[0, largest].Select(s => (Step)new Step.Append(s))),
        (10, Gen.Int[0, 9_000].Select(ms => (Step)new Step.Trim(ms))),
        (30, Gen.Select(Gen.Int[-2, frames * 2], Gen.Int[1, frames], Gen.Int[1, bytes * 2]).Select((b, f, m) => (Step)new Step.Read(b, f, m))),
        (1, Gen.Const((Step)new Step.Clear())));

    [Theory]
    [InlineData(8, 2_048, 900, 60, 1_000)]
    [InlineData(50, 200_000, 9_000, 200, 100)]
    [InlineData(200, 300_000, 40_000, 300, 50)]
    public void A_log_equals_a_list_that_is_cut_by_the_same_rules(int frames, int bytes, int largest, int most, int histories) => AnyStep(frames, bytes, largest).Array[0, most].Sample(steps =>
    {
        var window = new ReplayWindow { MaxFrames = frames, MaxBytes = bytes, MaxAge = TimeSpan.FromSeconds(10) };
        var log = new ReplayLog(window, Epoch, top: 100);
        var model = new List<Frame>();
        var contents = new Random(1);
        long top = 100, now = 1_000;
        foreach (var step in steps)
        {
            switch (step)
            {
                case Step.Append append:
                    var payload = new byte[append.Size];
                    contents.NextBytes(payload);
                    var kind = append.Size % 2 == 0 ? FrameKind.Text : FrameKind.Binary;
                    Assert.Equal(++top, log.Append(kind, payload, now));
                    model.Add(new Frame(top, kind, payload, now));
                    while (model.Count > 1 && (model.Count > frames || model.Sum(f => f.Size) > bytes))
                        model.RemoveAt(0);
                    break;
                case Step.Trim trim:
                    now += trim.Milliseconds;
                    log.Trim(now);
                    model.RemoveAll(f => f.At < now - 10_000);
                    break;
                case Step.Clear:
                    log.Clear();
                    model.Clear();
                    break;
                case Step.Read read:
                    var position = new FramePosition(Epoch, top - read.Back);
                    var refusal = log.Check(position);
                    var oldest = model.Count > 0 ? model[0].Offset : top + 1;
                    Assert.Equal(read.Back < 0 ? Refusal.FutureOffset : position.Offset < oldest - 1 ? Refusal.Evicted : Refusal.None, refusal);
                    if (refusal is not Refusal.None)
                        break;
                    var missing = model.Where(f => f.Offset > position.Offset).ToList();
                    Assert.Equal(Contents(missing), Contents(log.Read(position.Offset)));
                    var some = log.Read(position.Offset, read.MaxFrames, read.MaxBytes);
                    Assert.Equal(Contents(missing.Take(some.Length)), Contents(some));
                    Assert.True(some.Length <= read.MaxFrames && (some.Length > 0 || missing.Count == 0));
                    Assert.True(some.Length <= 1 || some.Sum(f => f.Size) <= read.MaxBytes);
                    var newest = log.Newest(read.MaxBytes);
                    Assert.Equal(Contents(model.TakeLast(newest.Length)), Contents(newest));
                    Assert.True(newest.Sum(f => f.Size) <= read.MaxBytes);
                    Assert.True(newest.Length == model.Count || model.TakeLast(newest.Length + 1).Sum(f => f.Size) > read.MaxBytes);
                    break;
            }

            Assert.Equal((top, model.Count, model.Sum(f => (long)f.Size)), (log.Top, log.Count, log.Bytes));
        }
    }, iter: histories);

    private static IEnumerable<(long Offset, FrameKind Kind, long At, int Length, int Payload)> Contents(IEnumerable<Frame> frames) =>
        frames.Select(f => (f.Offset, f.Kind, f.At, f.Payload.Length, Hash(f.Payload.Span)));

    private static int Hash(ReadOnlySpan<byte> payload)
    {
        var hash = default(HashCode);
        hash.AddBytes(payload);
        return hash.ToHashCode();
    }

    [Fact]
    public void A_frame_that_was_read_stays_as_it_was()
    {
        var log = new ReplayLog(Small, Epoch);
        log.Append(FrameKind.Text, "first"u8, 0);
        var read = Assert.Single(log.Read(0));
        for (var i = 0; i < 1_000; i++)
            log.Append(FrameKind.Text, "other"u8, 0);
        Assert.True(read.Payload.Span.SequenceEqual("first"u8));
    }

    [Fact]
    public void A_frame_that_was_kept_is_no_object_for_a_collector_to_find()
    {
        var log = new ReplayLog(Small, Epoch);
        var frame = Append();
        GC.Collect();
        Assert.False(frame.TryGetTarget(out _));
        Assert.Equal(1, log.Count);

        [MethodImpl(MethodImplOptions.NoInlining)]
        WeakReference<Frame> Append()
        {
            var appended = new Frame(1, FrameKind.Text, new byte[10], 0);
            log.Append(appended);
            return new WeakReference<Frame>(appended);
        }
    }

    [Fact]
    public void A_log_that_loses_as_much_as_it_gets_allocates_nothing()
    {
        var log = new ReplayLog(new ReplayWindow { MaxFrames = 100 }, Epoch);
        var message = new byte[200];
        Append(1_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Append(1_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Append(int count)
        {
            for (var i = 0; i < count; i++)
                log.Append(FrameKind.Text, message, 0);
        }
    }

    [Fact]
    public void A_message_is_kept_though_its_bytes_are_written_over()
    {
        var log = new ReplayLog(Small, Epoch);
        var lent = "first"u8.ToArray();
        log.Append(FrameKind.Text, lent, 0);
        "other"u8.CopyTo(lent);
        Assert.True(Assert.Single(log.Read(0)).Payload.Span.SequenceEqual("first"u8));
    }

    [Fact]
    public void What_a_burst_needed_is_given_back_once_it_is_old()
    {
        const int Burst = 32 << 20;
        var log = new ReplayLog(new ReplayWindow { MaxFrames = 100_000, MaxBytes = 2 * Burst, MaxAge = TimeSpan.FromSeconds(10) }, Epoch);
        var message = new byte[1 << 10];
        for (var i = 0; i < Burst / message.Length; i++)
            log.Append(FrameKind.Text, message, 0);
        log.Append(FrameKind.Text, "later"u8, 20_000);
        var full = GC.GetTotalMemory(forceFullCollection: true);

        log.Trim(20_000);
        Assert.Equal("later", Encoding.UTF8.GetString(Assert.Single(log.Read(log.First - 1)).Payload.Span));
        Assert.InRange(full - GC.GetTotalMemory(forceFullCollection: true), Burst / 2, long.MaxValue);
        GC.KeepAlive(log);
    }

    [Fact]
    public void What_is_left_after_a_burst_takes_little()
    {
        const int Bursts = 1_000;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var logs = Enumerable.Range(0, Bursts).Select(_ => AfterBurst()).ToList();

        // 200 bytes each, where the piece that they are the last of had 16 KiB.
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, 0, Bursts * 4_096L);
        Assert.All(logs, log => Assert.Equal(200, Assert.Single(log.Read(log.First - 1)).Payload.Length));

        static ReplayLog AfterBurst()
        {
            var log = new ReplayLog(new ReplayWindow { MaxAge = TimeSpan.FromSeconds(10) }, Epoch);
            for (var i = 0; i < 300; i++)
                log.Append(FrameKind.Text, new byte[200], 0);
            log.Append(FrameKind.Text, new byte[200], 20_000);
            log.Trim(20_000);
            return log;
        }
    }

    [Fact]
    public void A_position_of_another_epoch_is_refused_whatever_its_offset()
    {
        var log = new ReplayLog(Small, Epoch);
        log.Append(FrameKind.Text, new byte[1], 0);
        Assert.Equal(Refusal.EpochChanged, log.Check(new FramePosition(Epoch + 1, 0)));
        Assert.Equal(Refusal.EpochChanged, log.Check(new FramePosition(Epoch + 1, 1)));
    }

    [Fact]
    public void The_newest_frame_is_kept_even_when_it_alone_is_over_the_window()
    {
        var log = new ReplayLog(Small, Epoch);
        log.Append(FrameKind.Text, new byte[10], 0);
        log.Append(FrameKind.Text, new byte[10_000], 0);
        Assert.Equal(2, Assert.Single(log.Read(1)).Offset);
    }

    [Fact]
    public void A_frame_that_does_not_follow_is_not_taken()
    {
        var log = new ReplayLog(Small, Epoch, top: 5);
        Assert.Throws<ArgumentException>(() => log.Append(new Frame(7, FrameKind.Text, default, 0)));
        Assert.Throws<ArgumentException>(() => log.Append(new Frame(5, FrameKind.Text, default, 0)));
        log.Append(new Frame(6, FrameKind.Text, default, 0));
        Assert.Equal(6, log.Top);
    }

    [Fact]
    public void When_the_process_holds_too_much_the_log_that_appends_pays()
    {
        var budget = new ReplayBudget(1_000);
        var quiet = new ReplayLog(Small, 1, budget: budget);
        var busy = new ReplayLog(Small, 2, budget: budget);
        quiet.Append(FrameKind.Text, new byte[300], 0);
        for (var i = 0; i < 5; i++)
            busy.Append(FrameKind.Text, new byte[200], 0);

        Assert.Equal(1, quiet.Count);
        Assert.Equal(3, busy.Count);
        Assert.False(budget.Exceeded);
        quiet.Clear();
        busy.Clear();
        Assert.Equal(0, budget.Used);
    }

    [Fact]
    public void An_empty_log_still_knows_where_it_stands()
    {
        var log = new ReplayLog(Small, Epoch, top: 42);
        Assert.Equal((43, 42), (log.First, log.Top));
        Assert.Equal(Refusal.None, log.Check(new FramePosition(Epoch, 42)));
        Assert.Equal(Refusal.Evicted, log.Check(new FramePosition(Epoch, 41)));
        Assert.Empty(log.Read(42));
    }
}
