namespace Connections.Simulation.Tests.World;

/// <summary>
/// The one thread of a simulated world, and its clock. What can run is run in an order that the seed decides; when nothing can, time jumps to
/// what is due next.
/// </summary>
internal sealed class Loop
{
    private const long MostSteps = 3_000_000;
    private const int MostLooks = 1_000_000;

    private readonly PriorityQueue<Action, (long At, long Order)> _due = new();
    private readonly List<Lane> _ready = [];
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private long _order;
    private long _steps;
    private int _looks;

    public Loop(int seed) => Random = new Random(seed);

    /// <summary>The seed's dice. What different users throw them for must not depend on each other: see <see cref="World.DiceOf"/>.</summary>
    public Random Random { get; }

    /// <summary>How much time has passed.</summary>
    public TimeSpan Now { get; private set; }

    /// <summary>The same, for code that may wait for it: who looks again and again without letting it pass would wait for ever.</summary>
    public TimeSpan Look()
    {
        if (++_looks <= MostLooks)
            return Now;
        Failure ??= new InvalidOperationException($"Somebody waits for time to pass without yielding.\n{Environment.StackTrace}");
        throw Failure;
    }

    /// <summary>What went wrong with the simulation itself.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Does something later.</summary>
    public void After(TimeSpan delay, Action what) => _due.Enqueue(what, ((Now + delay).Ticks, _order++));

    /// <summary>A lane has a task that can run.</summary>
    public void Ready(Lane lane)
    {
        if (Environment.CurrentManagedThreadId != _thread)
            Failure ??= new InvalidOperationException($"Something left the loop's thread: the world is not deterministic.\n{Environment.StackTrace}");
        _ready.Add(lane);
    }

    /// <summary>A lane cannot run any more.</summary>
    public void NotReady(Lane lane) => _ready.Remove(lane);

    /// <summary>Runs for a while.</summary>
    public void Run(TimeSpan duration)
    {
        var end = Now + duration;
        while (Failure is null)
        {
            while (_ready.Count > 0)
                Step();
            if (!_due.TryPeek(out _, out var next) || next.At > end.Ticks)
                break;
            Now = TimeSpan.FromTicks(next.At);
            _looks = 0;
            _due.Dequeue()();
        }

        Now = end;
        if (Failure is not null)
            throw new InvalidOperationException("The simulation failed.", Failure);
    }

    private void Step()
    {
        _looks = 0;
        if (++_steps > MostSteps)
            throw new InvalidOperationException($"The world does not come to rest at {Now}: {_ready.Count} lanes are ready.");
        var at = _ready.Count == 1 ? 0 : Random.Next(_ready.Count);
        var lane = _ready[at];
        if (!lane.RunOne())
            _ready.Remove(lane);
    }
}
