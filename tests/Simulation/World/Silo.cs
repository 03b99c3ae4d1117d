using System.Net;
using Connections.Grains;
using Connections.Grains.Delivery;
using Connections.Grains.Events;
using Connections.Grains.Upstream;
using Connections.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Connections.Simulation.Tests.World;

/// <summary>A silo: the real services of one, on a simulated process.</summary>
internal sealed class Silo : IDisposable
{
    private readonly DialGate _gate;

    public Silo(World world, int number)
    {
        Node = new Node(world.Loop, $"silo-{number}", TimeSpan.FromMilliseconds(world.Loop.Random.Next(-2_000, 2_000)));
        var address = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 11_111), number);
        var details = Stub.Of<ILocalSiloDetails>((method, _) => method.Name == "get_SiloAddress" ? address : Node.Name);
        var oracle = Stub.Of<ISiloStatusOracle>((method, _) => throw new NotSupportedException(method.Name));
        _gate = new DialGate(Options.Create(world.Upstream), oracle, Node.Time, NullLogger<DialGate>.Instance);
        var options = Options.Create(world.Connection);
        var grains = Stub.Of<IGrainFactory>((_, args) => new GrainProxy(world, Node, (string)args![0]!));
        Services = new ConnectionServices(
            new Dialer(world, Node),
            _gate,
            new Feeds(options, Node.Time),
            new FrontLinks(details, grains, options, Node.Time, NullLogger<FrontLink>.Instance, Node.NewLane(inOrder: false)),
            new EventPublisher(null!, details, Node.Time, NullLogger<EventPublisher>.Instance),
            options,
            Options.Create(world.Upstream),
            Options.Create(world.Sending),
            Node.Time,
            NullLogger<UserConnectionGrain>.Instance)
        {
            Random = world.Loop.Random.NextDouble,
            NewEpoch = world.NewEpoch,
        };
    }

    public Node Node { get; }

    public ConnectionServices Services { get; }

    /// <summary>Whether the cluster takes it for a member.</summary>
    public bool IsMember { get; set; } = true;

    /// <summary>Whether it takes no new users.</summary>
    public bool Leaves { get; set; }

    public void Dispose() => _gate.Dispose();
}
