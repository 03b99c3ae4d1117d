using Connections.Core;
using Connections.Grains.Abstractions.Delivery;
using Connections.WebFront.Identity;
using Connections.WebFront.Sessions;
using Connections.WebFront.Silos;
using Connections.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Connections.Simulation.Tests.World;

/// <summary>A front: the real sessions of one, on a simulated process.</summary>
internal sealed class Front : IServiceProvider
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(1);

    private readonly SessionRegistry _registry;
    private readonly Lane _pool;

    public Front(World world, int number)
    {
        Node = new Node(world.Loop, $"front-{number}");
        _pool = Node.NewLane(inOrder: false);
        var options = Options.Create(world.FrontOptions);
        var watch = new SiloWatch(options, Node.Time);
        SinkProxy? reference = null;
        var cluster = Stub.Of<IClusterClient>((method, args) => method.Name switch
        {
            "GetGrain" => new GrainProxy(world, Node, (string)args![0]!),
            "CreateObjectReference" => reference ??= new SinkProxy(world, Node, Node.Name, (IFrontSink)args![0]!),
            _ => throw new NotSupportedException(method.Name),
        });
        var sink = new FrontSink(cluster, watch, this);
        var direct = new DirectLinks(sink, null!, Node.Time, NullLogger<DirectLink>.Instance);
        var services = new SessionServices(cluster, sink, direct, watch, options, Node.Time, NullLogger<UserSession>.Instance)
        {
            FrontId = Node.Name,
            Random = world.Loop.Random.NextDouble,
            Run = pump => _pool.Post(pump.Execute),
        };
        _registry = new SessionRegistry(services, new TokenLeases(new Revocations(), Node.Time), options, Node.Time);
        var loss = new SiloLossHandler(watch, _registry, Node.Time, NullLogger<SiloLossHandler>.Instance);
        var sweeper = new SessionSweeper(_registry, options, Node.Time, NullLogger<SessionSweeper>.Instance);
        Every(LookEvery, loss.Look);
        Every(SweepEvery, sweeper.Sweep);
    }

    public Node Node { get; }

    public object? GetService(Type serviceType) => serviceType == typeof(SessionRegistry) ? _registry : null;

    /// <summary>A tab comes.</summary>
    public void Take(TabLine line, string user, FramePosition? asked)
    {
        line.Tab = _registry.Add(new Caller(UserId.TryParse(user, out var id) ? id : throw new InvalidOperationException(), null, null), line);
        _ = Task.Factory.StartNew(() => OpenAsync(line, asked), CancellationToken.None, TaskCreationOptions.DenyChildAttach, _pool);
    }

    /// <summary>A tab's line has ended.</summary>
    public void Lose(TabLine line)
    {
        if (line.Tab is not { } tab)
            return;
        line.Tab = null;
        _registry.Remove(tab);
    }

    private static async Task OpenAsync(TabLine line, FramePosition? asked)
    {
        var tab = line.Tab!;
        try
        {
            var outcome = await tab.Session.OpenAsync(tab, asked, line.Ended);
            line.Opened(outcome);
            tab.Start();
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            line.Cut();
        }
    }

    private void Every(TimeSpan interval, Action what) => Node.After(interval, () =>
    {
        _pool.Post(what);
        Every(interval, what);
    });
}
