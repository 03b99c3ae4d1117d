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
    }

    private static readonly Gen<Step> AnyStep = Gen.Frequency(
        (6, Gen.Int[0, 900].Select(s => (Step)new Step.Append(s))),
        (1, Gen.Int[0, 9_000].Select(ms => (Step)new Step.Trim(ms))),
        (3, Gen.Select(Gen.Int[-2, 15], Gen.Int[1, 10], Gen.Int[1, 3_000]).Select((b, f, m) => (Step)new Step.Read(b, f, m))));

    [Fact]
    public void A_log_equals_a_list_that_is_cut_by_the_same_rules() => AnyStep.Array[0, 60].Sample(steps =>
    {
        var log = new ReplayLog(Small, Epoch, top: 100);
        var model = new List<Frame>();
        long top = 100, now = 1_000;
        foreach (var step in steps)
        {
            switch (step)
            {
                case Step.Append append:
                    var frame = log.Append(FrameKind.Text, new byte[append.Size], now);
                    Assert.Equal(++top, frame.Offset);
                    model.Add(frame);
                    while (model.Count > 1 && (model.Count > Small.MaxFrames || model.Sum(f => f.Size) > Small.MaxBytes))
                        model.RemoveAt(0);
                    break;
                case Step.Trim trim:
                    now += trim.Milliseconds;
                    log.Trim(now);
                    model.RemoveAll(f => f.At < now - 10_000);
                    break;
                case Step.Read read:
                    var position = new FramePosition(Epoch, top - read.Back);
                    var refusal = log.Check(position);
                    var oldest = model.Count > 0 ? model[0].Offset : top + 1;
                    Assert.Equal(read.Back < 0 ? Refusal.FutureOffset : position.Offset < oldest - 1 ? Refusal.Evicted : Refusal.None, refusal);
                    if (refusal is not Refusal.None)
                        break;
                    var missing = model.Where(f => f.Offset > position.Offset).ToList();
                    Assert.Equal(missing, log.Read(position.Offset));
                    var some = log.Read(position.Offset, read.MaxFrames, read.MaxBytes);
                    Assert.Equal(missing.Take(some.Length), some);
                    Assert.True(some.Length <= read.MaxFrames && (some.Length > 0 || missing.Count == 0));
                    Assert.True(some.Length <= 1 || some.Sum(f => f.Size) <= read.MaxBytes);
                    var newest = log.Newest(read.MaxBytes);
                    Assert.Equal(model.TakeLast(newest.Length), newest);
                    Assert.True(newest.Sum(f => f.Size) <= read.MaxBytes);
                    Assert.True(newest.Length == model.Count || model.TakeLast(newest.Length + 1).Sum(f => f.Size) > read.MaxBytes);
                    break;
            }

            Assert.Equal((top, model.Count, model.Sum(f => (long)f.Size)), (log.Top, log.Count, log.Bytes));
        }
    });

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
        Assert.Equal(2, busy.Count);
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
