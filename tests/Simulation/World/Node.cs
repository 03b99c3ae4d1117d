namespace Connections.Simulation.Tests.World;

/// <summary>A simulated process: has lanes and a clock, can be killed, and can be stopped and let go on.</summary>
internal sealed class Node
{
    private readonly List<Lane> _lanes = [];
    private readonly List<Action> _held = [];

    public Node(Loop loop, string name, TimeSpan skew = default)
    {
        Loop = loop;
        Name = name;
        Time = new NodeTime(this, skew);
        Main = NewLane(inOrder: true);
    }

    public Loop Loop { get; }

    public string Name { get; }

    /// <summary>Its clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>Where timers call back and messages arrive.</summary>
    public Lane Main { get; }

    public bool Dead { get; private set; }

    public bool Paused { get; private set; }

    public bool Runs => !Dead && !Paused;

    public Lane NewLane(bool inOrder)
    {
        var lane = new Lane(this, inOrder);
        _lanes.Add(lane);
        return lane;
    }

    /// <summary>Does something in this process, after a while; never if it is dead by then, and when it goes on if it is stopped.</summary>
    public void After(TimeSpan delay, Action what) => Loop.After(delay, () => Post(what));

    /// <summary>The same, now.</summary>
    public void Post(Action what)
    {
        if (Dead)
            return;
        if (Paused)
            _held.Add(what);
        else
            Main.Post(what);
    }

    /// <summary>It is killed: nothing that it had to do is done.</summary>
    public void Kill()
    {
        Dead = true;
        _held.Clear();
        _lanes.ForEach(l => l.Changed());
    }

    /// <summary>It stops where it is.</summary>
    public void Pause()
    {
        Paused = true;
        _lanes.ForEach(l => l.Changed());
    }

    /// <summary>It goes on, and everything that came due meanwhile comes at once.</summary>
    public void Resume()
    {
        Paused = false;
        if (Dead)
            return;
        _lanes.ForEach(l => l.Changed());
        Action[] held = [.. _held];
        _held.Clear();
        Array.ForEach(held, Post);
    }
}
