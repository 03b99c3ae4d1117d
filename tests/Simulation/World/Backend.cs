using System.Globalization;
using Connections.Testing.History.Events;

namespace Connections.Simulation.Tests.World;

/// <summary>The backend: takes dials, counts what it sends to each user, and writes down what it receives. Knows nothing of generations.</summary>
internal sealed class Backend(World world)
{
    private static readonly TimeSpan CloseGrace = TimeSpan.FromSeconds(1);

    private readonly List<Wire> _open = [];
    private readonly Dictionary<string, long> _sent = [];
    private long _connections;

    public Node Node { get; } = new(world.Loop, "backend");

    /// <summary>Whether it refuses dials.</summary>
    public bool Refuses { get; set; }

    public IReadOnlyList<Wire> Open => _open;

    public Wire Dial(Node silo, string user, long generation, TaskCompletionSource<Wire?> answer)
    {
        var dice = world.DiceOf(user);
        var wire = new Wire(world, silo, user, ++_connections);
        Node.After(Latency(dice), () =>
        {
            if (silo.Dead || wire.State is not System.Net.WebSockets.WebSocketState.Open)
                return;
            if (Refuses)
            {
                silo.After(Latency(dice), () => answer.TrySetResult(null));
                return;
            }

            world.Record("backend", new BackendOpened(user, wire.Number, generation));
            wire.BackendOpen = true;
            _open.Add(wire);
            silo.After(Latency(dice), () =>
            {
                if (!answer.TrySetResult(wire))
                    wire.Abort();
            });
        });
        return wire;
    }

    /// <summary>Says something to a user, over every connection that it has.</summary>
    public void Say(string user)
    {
        foreach (var wire in _open.Where(w => w.User == user && !w.BackendCloses))
        {
            var message = (_sent[user] = _sent.GetValueOrDefault(user) + 1).ToString(CultureInfo.InvariantCulture);
            world.Record("backend", new BackendSent(user, wire.Number, message));
            wire.Send(message);
        }
    }

    public void Received(Wire wire, string message)
    {
        if (wire.BackendOpen)
            world.Record("backend", new BackendReceived(wire.User, wire.Number, message));
    }

    /// <summary>The other side has closed, or is gone.</summary>
    public void Closed(Wire wire, bool answer)
    {
        if (!wire.BackendOpen || (world.Sabotage is Sabotage.UpstreamKept && !wire.BackendCloses))
            return;
        if (answer && !wire.BackendCloses)
            wire.SendClose();
        End(wire);
    }

    /// <summary>Closes a connection in order.</summary>
    public void Close(Wire wire)
    {
        wire.BackendCloses = true;
        wire.SendClose();
        Node.After(CloseGrace, () =>
        {
            if (wire.BackendOpen)
                Cut(wire);
        });
    }

    /// <summary>Cuts a connection.</summary>
    public void Cut(Wire wire)
    {
        End(wire);
        wire.Break();
    }

    /// <summary>A silo has died: its machine resets what it had open.</summary>
    public void Died(Node silo)
    {
        foreach (var wire in _open.Where(w => w.Silo == silo).ToArray())
            Node.After(TimeSpan.FromMilliseconds(5 * world.DiceOf(wire.User).NextDouble()), () => End(wire));
    }

    private void End(Wire wire)
    {
        if (!wire.BackendOpen)
            return;
        wire.BackendOpen = false;
        _open.Remove(wire);
        world.Record("backend", new BackendClosed(wire.User, wire.Number));
    }

    private static TimeSpan Latency(Random dice) => TimeSpan.FromMilliseconds(0.5 + (10 * dice.NextDouble()));
}
