using System.Globalization;
using Connections.Core;
using Connections.Grains;
using Connections.Grains.Sending;
using Connections.Grains.Upstream;
using Connections.Testing.History;
using Connections.Testing.History.Checking;
using Connections.Testing.History.Events;
using Connections.WebFront;

namespace Connections.Simulation.Tests.World;

/// <summary>
/// A whole gateway on one thread and on simulated time: the real connections, feeds, links, sessions, tabs, outboxes and records; around them a
/// cluster, a network, a store, a backend and clients that do what a seed says. The same seed is the same history.
/// </summary>
internal sealed class World
{
    private static readonly TimeSpan Troubles = TimeSpan.FromSeconds(16);
    private static readonly TimeSpan Traffic = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(25);

    private readonly List<HistoryLine> _history = [];
    private readonly Dictionary<string, long> _numbers = [];
    private readonly Dictionary<string, Random> _dice = [];
    private readonly int _seed;
    private bool _talks = true;

    public World(int seed, Sabotage sabotage = Sabotage.None)
    {
        _seed = seed;
        Sabotage = sabotage;
        Loop = new Loop(seed);
        Dice = new Random(unchecked((seed * 31) + 7));
        Network = new Network(Loop);
        Fence = new Fence(this);
        Backend = new Backend(this);
        Cluster = new Cluster(this);
        Users = [.. Enumerable.Range(0, 1 + Loop.Random.Next(2)).Select(i => $"user-{i}")];
        Tabs = [.. Users.SelectMany(u => Enumerable.Range(0, 1 + Loop.Random.Next(3)).Select(t => new TabClient(this, u, $"{u}-tab-{t}")))];
        Sending.Durable = Loop.Random.Next(3) == 0;
        Cluster.Start();
        Cluster.Start();
        StartFront();
        StartFront();
    }

    public Sabotage Sabotage { get; }

    public Loop Loop { get; }

    /// <summary>For what is no user's own.</summary>
    public Random Dice { get; }

    public Network Network { get; }

    public Fence Fence { get; }

    public Backend Backend { get; }

    public Cluster Cluster { get; }

    public List<Front> Fronts { get; } = [];

    public IReadOnlyList<string> Users { get; }

    public IReadOnlyList<TabClient> Tabs { get; }

    // Small and short, so that every bound is met within half a minute.
    public ConnectionOptions Connection { get; } = new() { Linger = TimeSpan.FromSeconds(3), Window = new ReplayWindow { MaxFrames = 40 } };

    public UpstreamOptions Upstream { get; } = new()
    {
        Url = "ws://backend/ws/{userId}",
        ConnectTimeout = TimeSpan.FromSeconds(2),
        StableAfter = TimeSpan.FromSeconds(0.5),
        Breaker = new BreakerOptions { BreakDuration = TimeSpan.FromSeconds(1), MaxBreakDuration = TimeSpan.FromSeconds(3), MaxRetryAfter = TimeSpan.FromSeconds(4) },
        Backoff = new BackoffOptions { BaseDelay = TimeSpan.FromMilliseconds(200), MaxDelay = TimeSpan.FromSeconds(2) },
        Health = new BreakerOptions { FailureThreshold = 1_000_000 },
    };

    public SendingOptions Sending { get; } = new() { MaxMessages = 6, TimeToLive = TimeSpan.FromSeconds(4) };

    public FrontOptions FrontOptions { get; } = new() { Window = new ReplayWindow { MaxFrames = 60 }, OpenTimeout = TimeSpan.FromSeconds(10), WriteTimeout = TimeSpan.FromSeconds(2) };

    /// <summary>The faults that this seed had, for people.</summary>
    public List<string> Log { get; } = [];

    /// <summary>How long two owners may be there: a silo that hangs keeps its upstreams until it goes on and learns that it was replaced.</summary>
    public TimeSpan OwnersMayOverlap { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Runs it to its end.</summary>
    /// <exception cref="InvalidOperationException">The world itself broke down: it left its thread, or does not come to rest.</exception>
    public Outcome Run()
    {
        try
        {
            return RunToTheEnd();
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"Seed {_seed} broke down at {Loop.Now}.", e);
        }
        finally
        {
            foreach (var silo in Cluster.Silos)
                silo.Dispose();
        }
    }

    private Outcome RunToTheEnd()
    {
        foreach (var tab in Tabs)
            tab.Connect();
        foreach (var user in Users)
            Talk(user);
        foreach (var tab in Tabs)
            Chat(tab);
        var faults = new Faults(this);
        faults.Begin(Troubles);
        Loop.Run(Troubles);
        faults.End();
        Loop.Run(Traffic);
        _talks = false;
        Loop.Run(Rest);
        var history = new RecordedHistory(_history);
        var violations = HistoryChecker.Check(history, new Expectations { IsSettled = true, OwnersMayOverlap = OwnersMayOverlap });
        return new Outcome(_seed, history, [.. violations, .. Unrest()], Log);
    }

    /// <summary>Writes down what a process saw.</summary>
    public void Record(string process, HistoryEvent what)
    {
        var number = _numbers[process] = _numbers.GetValueOrDefault(process) + 1;
        _history.Add(new HistoryLine(process, number, Loop.Now.Ticks / TimeSpan.TicksPerMicrosecond, what));
    }

    /// <summary>What concerns a user is thrown with its own dice, so that users do not change each other's histories.</summary>
    public Random DiceOf(string user)
    {
        if (!_dice.TryGetValue(user, out var dice))
            _dice[user] = dice = new Random(unchecked((_seed * 397) ^ (user[^1] * 7_919)));
        return dice;
    }

    /// <summary>Whether a sabotage strikes now.</summary>
    public bool Strikes(string user, double probability) => DiceOf(user).NextDouble() < probability;

    public ulong NewEpoch() => Sabotage is Sabotage.EpochKept ? 1 : (ulong)Dice.NextInt64(1, long.MaxValue);

    public Front StartFront()
    {
        var front = new Front(this, Fronts.Count + 1);
        Fronts.Add(front);
        return front;
    }

    // Everything has come to rest: each tab is there, and was told how its connection stands.
    private IEnumerable<Violation> Unrest()
    {
        foreach (var tab in Tabs)
        {
            if (!tab.IsOpen)
                yield return new Violation(ViolationKind.Stuck, tab.User, tab.Name, null, null, "the tab is not there", []);
            else if (Backend.Open.All(w => w.User != tab.User))
                yield return new Violation(ViolationKind.Stuck, tab.User, tab.Name, null, null, "the tab is there, and no upstream", []);
            else if (tab.State is { } told && Cluster.Find(tab.User)?.State is { } stands && (told.Upstream, told.Generation, told.Epoch) != (stands.Upstream, stands.Generation, stands.Epoch))
                yield return new Violation(ViolationKind.Stuck, tab.User, tab.Name, null, null, string.Create(CultureInfo.InvariantCulture, $"it was told {told.Upstream} of generation {told.Generation}, but it is {stands.Upstream} of {stands.Generation}"), []);
        }
    }

    private void Talk(string user)
    {
        if (!_talks)
            return;
        Backend.Node.After(TimeSpan.FromMilliseconds(300 * DiceOf(user).NextDouble() * DiceOf(user).NextDouble()), () =>
        {
            if (_talks)
                Backend.Say(user);
            Talk(user);
        });
    }

    private void Chat(TabClient tab)
    {
        if (!_talks)
            return;
        tab.Node.After(TimeSpan.FromMilliseconds(800 * DiceOf(tab.User).NextDouble()), () =>
        {
            if (_talks)
                tab.Send();
            Chat(tab);
        });
    }
}
