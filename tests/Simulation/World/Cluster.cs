using Connections.Core;
using Connections.Grains;
using Connections.Grains.Delivery;

namespace Connections.Simulation.Tests.World;

/// <summary>The silos, and where each user lives: one activation a user, but for those on silos that were declared dead and do not know it.</summary>
internal sealed class Cluster(World world)
{
    // As Orleans is configured: three probes of a second missed by a dead process; one that hangs takes longer to be sure of.
    private static readonly TimeSpan DeadAfter = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan HungAfter = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LearnsWithin = TimeSpan.FromSeconds(3);

    private readonly Dictionary<string, Activation> _directory = [];
    private readonly List<Silo> _silos = [];
    private int _activations;

    public Store Store { get; } = new(world);

    public IReadOnlyList<Silo> Silos => _silos;

    public IEnumerable<Silo> Members => _silos.Where(s => s is { IsMember: true, Leaves: false });

    public string NextActivation() => $"{++_activations}";

    public Silo Start()
    {
        var silo = new Silo(world, _silos.Count + 1);
        _silos.Add(silo);
        return silo;
    }

    /// <summary>Calls a user's grain.</summary>
    public Task<T> CallAsync<T>(Node from, string user, TimeSpan timeout, Func<UserConnection, Task<T>> serve)
    {
        var dice = world.DiceOf(user);
        return world.Network.CallAsync<T>(from, dice, timeout, call => Arrive(call, user, dice, serve));
    }

    /// <summary>Where a user lives.</summary>
    public Activation? Find(string user) => _directory.GetValueOrDefault(user);

    /// <summary>An activation has ended; the user goes on elsewhere, if it moves.</summary>
    public void Gone(Activation activation, Silo? moveTo, CarriedLog? carried)
    {
        var user = activation.User.Value;
        if (_directory.GetValueOrDefault(user) != activation)
            return;
        _directory.Remove(user);
        if (moveTo is { IsMember: true })
            _directory[user] = new Activation(this, moveTo, activation.User, carried);
    }

    /// <summary>The process is killed, and another takes its place.</summary>
    public void Kill(Silo silo)
    {
        silo.Node.Kill();
        world.Backend.Died(silo.Node);
        world.Loop.After(DeadAfter * (0.7 + (0.6 * world.Loop.Random.NextDouble())), () => Bury(silo));
    }

    /// <summary>The process hangs; for long enough, and it is declared dead, and learns it when it goes on.</summary>
    public void Hang(Silo silo, TimeSpan duration)
    {
        if (duration > HungAfter)
            world.Loop.After(HungAfter, () => Bury(silo));
        silo.Node.Pause();
        world.Loop.After(duration, () =>
        {
            silo.Node.Resume();
            if (!silo.IsMember)
                world.Loop.After(LearnsWithin * world.Loop.Random.NextDouble(), () => Kill(silo));
        });
    }

    /// <summary>The silo leaves in order: its users move to others.</summary>
    public void Drain(Silo silo)
    {
        if (silo.Leaves || !silo.Node.Runs || Members.Count(s => s.Node.Runs) < 2)
            return;
        silo.Leaves = true;
        foreach (var activation in _directory.Values.Where(a => a.Silo == silo).ToArray())
            Move(activation);
        world.Loop.After(TimeSpan.FromSeconds(6), () =>
        {
            if (!silo.Node.Dead)
                Kill(silo);
        });
    }

    /// <summary>A user moves.</summary>
    public void Move(Activation activation)
    {
        if (Members.Where(s => s != activation.Silo && s.Node.Runs).ToArray() is { Length: > 0 } others)
            activation.Move(others[world.DiceOf(activation.User.Value).Next(others.Length)]);
    }

    private Node? Arrive<T>(Network.Served<T> call, string user, Random dice, Func<UserConnection, Task<T>> serve)
    {
        var activation = _directory.GetValueOrDefault(user) ?? Place(user, dice);
        if (activation is null)
        {
            call.Fails(new OrleansException("No silo can take it."));
            return null;
        }

        var node = activation.Silo.Node;
        if (node.Dead || world.Network.Weather.Cut.Contains((call.From, node)))
            return null;
        node.Post(() => activation.Enter(here =>
        {
            if (here is not null)
                here.Serve(call, serve);
            else
                world.Loop.After(TimeSpan.FromMilliseconds(1), () => Arrive(call, user, dice, serve));
        }));
        return node;
    }

    private Activation? Place(string user, Random dice)
    {
        Silo[] members = [.. Members];
        if (members.Length == 0)
            return null;
        var silo = members[dice.Next(members.Length)];
        return silo.Node.Dead ? null : _directory[user] = new Activation(this, silo, UserId.TryParse(user, out var id) ? id : throw new InvalidOperationException(), null);
    }

    private void Bury(Silo silo)
    {
        if (!silo.IsMember || silo.Node.Runs)
            return;
        silo.IsMember = false;
        foreach (var gone in _directory.Where(d => d.Value.Silo == silo).Select(d => d.Key).ToArray())
            _directory.Remove(gone);
        if (_silos.Count(s => s.IsMember) < 2)
            Start();
    }
}
