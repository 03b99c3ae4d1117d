using Connections.Core;
using Connections.Grains.Abstractions;
using Connections.Grains.Abstractions.Sending;
using Connections.Grains.Abstractions.State;
using Connections.WebFront.Sessions;
using Connections.WebFront.Wire;

namespace Connections.Simulation.Tests.World;

/// <summary>The line between a front and a tab: what the front writes arrives in order, or not at all once it is cut.</summary>
internal sealed class TabLine(World world, TabClient client, Front front) : ITabWriter
{
    private readonly CancellationTokenSource _ended = new();
    private TimeSpan _lastDown;
    private TimeSpan _lastUp;
    private Gap? _heldGap;

    public Front Front => front;

    /// <summary>What the front has of it.</summary>
    public Tab? Tab { get; set; }

    /// <summary>The front knows that the line has ended.</summary>
    public CancellationToken Ended => _ended.Token;

    public bool IsCut { get; private set; }

    /// <summary>How long each write takes.</summary>
    public TimeSpan Slowness { get; set; }

    public void Opened(OpenOutcome outcome) => Down(() => client.Opened(outcome));

    public ValueTask WriteFramesAsync(ulong epoch, Gap? gap, FrameRange? range)
    {
        var frames = range?.Frames ?? [];
        Spoil(ref epoch, ref gap, ref frames);
        Down(() => client.Received(epoch, gap, frames));
        if (world.Sabotage is Sabotage.GapAfterFrames && gap is null && frames.Length > 0 && _heldGap is { } late)
        {
            _heldGap = null;
            Down(() => client.Received(epoch, late, []));
        }

        return WrittenAsync();
    }

    public ValueTask WriteStateAsync(ConnectionState state, IReadOnlyList<WireApiBreaker>? breakers)
    {
        Down(() => client.Told(state));
        return WrittenAsync();
    }

    public ValueTask WriteReceiptAsync(Receipt receipt)
    {
        Down(() => client.Answered(receipt, late: true));
        if (world.Sabotage is Sabotage.LateReceiptsTwice)
            Down(() => client.Answered(receipt, late: true));
        return WrittenAsync();
    }

    public ValueTask CloseAsync(CloseCode code, TimeSpan? retryAfter)
    {
        Down(Cut);
        return ValueTask.CompletedTask;
    }

    /// <summary>The tab sends a message.</summary>
    public void Send(string id, bool atLeastOnce) => Up(() =>
    {
        if (Tab is not { } tab)
            return;
        var answer = tab.Session.SendAsync(tab, new OutgoingMessage(id, true, System.Text.Encoding.UTF8.GetBytes(id), atLeastOnce));
        _ = AnswerAsync();

        async Task AnswerAsync()
        {
            var receipt = await answer;
            Down(() => client.Answered(receipt, late: false));
        }
    });

    /// <summary>The line breaks: both sides learn of it, each in its time.</summary>
    public void Cut()
    {
        if (IsCut)
            return;
        IsCut = true;
        client.Node.After(TimeSpan.FromMilliseconds(50 * Dice.NextDouble()), () => client.Lost(this));
        front.Node.After(TimeSpan.FromMilliseconds(500 * Dice.NextDouble()), () =>
        {
            front.Lose(this);
            _ended.Cancel();
        });
    }

    private Random Dice => world.DiceOf(client.User);

    private async ValueTask WrittenAsync()
    {
        if (Slowness > TimeSpan.Zero)
            await Task.Delay(Slowness, front.Node.Time, CancellationToken.None);
    }

    private void Down(Action arrives) => client.Node.After(Next(ref _lastDown), () =>
    {
        if (!IsCut)
            arrives();
    });

    private void Up(Action arrives) => front.Node.After(Next(ref _lastUp), () =>
    {
        if (!IsCut)
            arrives();
    });

    private TimeSpan Next(ref TimeSpan last)
    {
        var at = world.Loop.Now + TimeSpan.FromMilliseconds(1 + (10 * Dice.NextDouble()));
        last = at > last ? at : last + TimeSpan.FromTicks(1);
        return last - world.Loop.Now;
    }

    private void Spoil(ref ulong epoch, ref Gap? gap, ref Frame[] frames)
    {
        switch (world.Sabotage)
        {
            case Sabotage.SkipAFrame when frames.Length > 0 && world.Strikes(client.User, 0.03):
                frames = frames[1..];
                break;
            case Sabotage.SwapFrames when frames.Length > 1 && world.Strikes(client.User, 0.2):
                frames = [frames[1], frames[0], .. frames[2..]];
                break;
            case Sabotage.DoubleAFrame when frames.Length > 0 && world.Strikes(client.User, 0.03):
                frames = [frames[0], .. frames];
                break;
            case Sabotage.WrongEpoch when world.Strikes(client.User, 0.02):
                epoch++;
                break;
            case Sabotage.GapNotTold:
                gap = null;
                break;
            case Sabotage.GapTooSmall when gap is not null:
                gap = gap with { Next = gap.Next - 1 };
                break;
            case Sabotage.GapAfterFrames when gap is not null:
                (_heldGap, gap) = (gap, null);
                break;
        }
    }
}
