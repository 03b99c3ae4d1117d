using System.Globalization;
using Connections.Core;
using Connections.Grains.Abstractions.Sending;
using Connections.Grains.Abstractions.State;
using Connections.Testing.History.Events;
using Connections.WebFront.Sessions;
using Connections.WebFront.Wire;

namespace Connections.Simulation.Tests.World;

/// <summary>
/// A tab as docs/protocol.md wants clients to be: comes back with its position, asks again then about what has no final receipt, and begins a new
/// client id when the owner does not know the old one.
/// </summary>
internal sealed class TabClient(World world, string user, string name)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(12);

    // In the order in which they were sent.
    private readonly List<(string Id, bool AtLeastOnce)> _unsettled = [];
    private TabLine? _line;
    private FramePosition? _position;
    private FramePosition? _asked;
    private int _clients;
    private long _sequence;

    public string User => user;

    public string Name => name;

    public Node Node { get; } = new(world.Loop, name);

    public TabLine? Line => _line;

    /// <summary>Whether it was placed on its line.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>The newest state that it was told.</summary>
    public ConnectionState? State { get; private set; }

    public IReadOnlyList<(string Id, bool AtLeastOnce)> Unsettled => _unsettled;

    /// <summary>Comes to a front that takes tabs.</summary>
    public void Connect()
    {
        if (_line is not null)
            return;
        var fronts = world.Fronts.Where(f => !f.Node.Dead).ToArray();
        if (fronts.Length == 0)
        {
            ComeBack();
            return;
        }

        var front = fronts[Dice.Next(fronts.Length)];
        var line = _line = new TabLine(world, this, front);
        _asked = _position;
        front.Node.After(TimeSpan.FromMilliseconds(5 * Dice.NextDouble()), () => front.Take(line, user, _asked));
        Node.After(Patience, () =>
        {
            if (_line == line && !IsOpen)
                line.Cut();
        });
    }

    /// <summary>Forgets where it was, as a page that is loaded anew.</summary>
    public void Forget() => _position = null;

    public void Opened(OpenOutcome outcome)
    {
        IsOpen = true;
        world.Record(name, new TabOpened(user, name, _asked?.ToString(), outcome.Recovered, outcome.Position.ToString()));
        if (_asked is null || outcome.Recovered)
            _position = outcome.Position;
        State = outcome.State;
        AskAgain();
    }

    public void Received(ulong epoch, Gap? gap, Frame[] frames)
    {
        var text = FramePosition.FormatEpoch(epoch);
        if (gap is not null)
        {
            world.Record(name, new TabGapTold(user, name, text, WireNames.Of(gap.Reason), gap.Next));
            _position = new FramePosition(epoch, gap.Next - 1);
        }

        foreach (var frame in frames)
        {
            world.Record(name, new TabReceived(user, name, text, frame.Offset, WireNames.Of(frame.Kind), frame.IsMarker ? null : System.Text.Encoding.UTF8.GetString(frame.Payload.Span)));
            _position = new FramePosition(epoch, frame.Offset);
        }
    }

    public void Told(ConnectionState state) => State = state;

    /// <summary>Sends a message.</summary>
    public void Send()
    {
        if (!IsOpen)
            return;
        var message = (Id: string.Create(CultureInfo.InvariantCulture, $"{name}-{_clients}:{++_sequence}"), AtLeastOnce: Dice.Next(4) == 0);
        _unsettled.Add(message);
        Submit(message);
    }

    public void Answered(Receipt receipt, bool late)
    {
        world.Record(name, new ReceiptTold(user, name, receipt.Id, WireNames.Of(receipt.Status), WireNames.Of(receipt.Reason), late));
        if (receipt.Status is not ReceiptStatus.Queued)
            _unsettled.RemoveAll(m => m.Id == receipt.Id);
        if (receipt.Reason is ReceiptReason.Expected && receipt.Id.StartsWith($"{name}-{_clients}:", StringComparison.Ordinal))
        {
            _clients++;
            _sequence = 0;
        }
    }

    public void Lost(TabLine line)
    {
        if (_line != line)
            return;
        _line = null;
        if (IsOpen)
            world.Record(name, new TabClosed(user, name));
        IsOpen = false;
        ComeBack();
    }

    /// <summary>Asks about everything that has no final receipt, by sending it again in its order.</summary>
    public void AskAgain()
    {
        foreach (var message in _unsettled.ToArray())
        {
            // An owner that has lost its memory would take a client's first message for a new one.
            if (message.Id.EndsWith(":1", StringComparison.Ordinal))
                Answered(new Receipt(message.Id, ReceiptStatus.Unknown, ReceiptReason.OwnerLost), late: false);
            else
                Submit(message);
        }
    }

    private Random Dice => world.DiceOf(user);

    private void Submit((string Id, bool AtLeastOnce) message)
    {
        world.Record(name, new Submitted(user, name, message.Id, message.AtLeastOnce));
        _line!.Send(message.Id, message.AtLeastOnce);
    }

    private void ComeBack() => Node.After(TimeSpan.FromMilliseconds(300 * Dice.NextDouble()), Connect);
}
