using System.Collections.Concurrent;
using Connections.Core;
using Connections.Grains.Abstractions;
using Connections.Grains.Abstractions.Operating;
using Connections.Grains.Abstractions.Sending;
using Connections.Grains.Abstractions.State;
using Connections.Grains.Abstractions.Streams;
using Connections.Grains.Ownership;
using Connections.Grains.Placement;
using Connections.Silo.Clustering;
using Connections.Testing;
using Connections.Testing.Processes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Storage;
using Orleans.TestingHost;

namespace Connections.Grains.Tests;

/// <summary>One silo, or some, with the real grains, put together as <c>Silo</c> does but for storage in memory, and a backend of its own.</summary>
internal sealed class TestGateway : IAsyncDisposable
{
    private const string StateName = "connection";

    private readonly ConcurrentDictionary<string, long> _sequences = [];
    private readonly InProcessTestCluster _cluster;
    private readonly RunningBackend _backend;
    private int _lastFront;

    private TestGateway(InProcessTestCluster cluster, RunningBackend backend, LogBook log)
    {
        _cluster = cluster;
        _backend = backend;
        Log = log;
    }

    /// <summary>What the silo logged.</summary>
    public LogBook Log { get; }

    /// <summary>The backend's own word on what it saw.</summary>
    public BackendControl Backend => _backend.Control;

    /// <summary>A client of the cluster, as a front is.</summary>
    public IClusterClient Client => _cluster.Client;

    /// <summary>Starts it. Waits between dials are short, so that no test waits for one; everything else is as by default.</summary>
    /// <param name="settings">Such as <c>Connection:Linger=00:00:01</c>; an empty <c>Upstream:Url=</c> means no upstream. Those of <c>Backend</c> are the backend's.</param>
    public static Task<TestGateway> StartAsync(params string[] settings) => StartAsync(silos: 1, settings);

    /// <summary>As above, with more silos.</summary>
    public static async Task<TestGateway> StartAsync(short silos, params string[] settings)
    {
        var backend = await RunningBackend.StartAsync(settings.Where(s => s.StartsWith("Backend:", StringComparison.Ordinal)));
        string[] all =
        [
            $"Upstream:Url={backend.Upstream}",
            "Upstream:Backoff:MinDelay=00:00:00.005",
            "Upstream:Backoff:BaseDelay=00:00:00.020",
            "Upstream:Backoff:MaxDelay=00:00:00.050",
            .. settings,
        ];
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(all.Select(s => s.Split('=', 2)).GroupBy(s => s[0], s => s[1]).ToDictionary(g => g.Key, string? (g) => g.Last()))
            .Build();
        var log = new LogBook();
        var builder = new InProcessTestClusterBuilder(silos);
#pragma warning disable ORLEANSEXP003
        builder.Options.UseDistributedGrainDirectory = true;
#pragma warning restore ORLEANSEXP003
        builder.Options.ServiceId = builder.Options.ClusterId;
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureSiloHost((_, host) => host.Logging.ClearProviders().SetMinimumLevel(LogLevel.Debug).AddProvider(log));
        builder.ConfigureSilo((_, silo) => silo
            .AddMemoryGrainStorage(StorageNames.Connections, o => o.GrainStorageSerializer = new StateSerializer())
            .AddMemoryGrainStorage(StorageNames.PubSub)
            .AddUserConnections(configuration, builder.Options.ClusterId));
        builder.ConfigureClient(client => client.AddMemoryStreams(StreamNames.Provider));
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return new TestGateway(cluster, backend, log);
    }

    /// <summary>A new front.</summary>
    public TestFront Front() => new(this, $"front-{++_lastFront}");

    /// <summary>A new front that is attached to a user whose upstream is open.</summary>
    public async Task<TestFront> OpenAsync(string user)
    {
        var front = Front();
        await front.AttachAsync(user);
        await front.GetsAsync(user, f => f.Kind is FrameKind.UpstreamOpened);
        return front;
    }

    /// <summary>A user's connection.</summary>
    public IUserConnectionGrain User(string user) => Client.GetGrain<IUserConnectionGrain>(user);

    /// <summary>What operators ask of a user's connection.</summary>
    public IUserOperations Operations(string user) => Client.GetGrain<IUserOperations>(user);

    /// <summary>Sends texts to a user's upstream, in one call.</summary>
    public Task<Receipt[]> SendAsync(string user, params string[] texts) =>
        User(user).Send([.. texts.Select(t => new OutgoingMessage($"test:{_sequences.AddOrUpdate(user, 1, (_, n) => n + 1)}", true, System.Text.Encoding.UTF8.GetBytes(t)))]);

    /// <summary>Waits until a user's state is as wanted.</summary>
    public async Task<ConnectionState> StateIsAsync(string user, Func<ConnectionState, bool> wanted, string what)
    {
        ConnectionState? state = null;
        await Eventually.HoldsAsync(async () => wanted(state = await User(user).GetState()), what, seen: () => $"{state}\n{Log}");
        return state!;
    }

    /// <summary>Hands a user over to another silo, as the rebalancer does, and waits until he is there.</summary>
    public async Task HandOverAsync(string user)
    {
        var silo = (await Operations(user).Explain()).Silo;
        await Client.GetGrain<IHandOver>(user).HandOverFrom(silo);
        await Eventually.HoldsAsync(async () => (await Operations(user).Explain()).Silo != silo, "the user is on another silo", seen: Log.ToString);
    }

    /// <summary>Ends a user's connection in order, as its linger would, and waits until it has ended.</summary>
    public Task DeactivateAsync(string user) => _cluster.DeactivateAsync(User(user));

    /// <summary>Waits until a user's connection has ended by itself.</summary>
    public Task EndsAsync(string user) => _cluster.WaitForDeactivationAsync(User(user));

    /// <summary>What is stored of a user.</summary>
    public async Task<StoredConnection> StoredAsync(string user) => (await ReadAsync(user)).State!;

    /// <summary>Changes what is stored of a user behind the owner's back, as another silo would.</summary>
    public async Task StoreAsync(string user, Action<StoredConnection> change)
    {
        while (true)
        {
            try
            {
                var state = await ReadAsync(user);
                change(state.State!);
                await Storage.WriteStateAsync(StateName, User(user).GetGrainId(), state);
                return;
            }
            catch (InconsistentStateException)
            {
                // The owner wrote meanwhile.
            }
        }
    }

    /// <summary>Removes what is stored of a user, as a flushed store would.</summary>
    public async Task ClearAsync(string user) => await Storage.ClearStateAsync(StateName, User(user).GetGrainId(), await ReadAsync(user));

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await _backend.DisposeAsync();
    }

    private IGrainStorage Storage => _cluster.Silos[0].ServiceProvider.GetRequiredKeyedService<IGrainStorage>(StorageNames.Connections);

    private async Task<GrainState<StoredConnection>> ReadAsync(string user)
    {
        var state = new GrainState<StoredConnection>(new StoredConnection());
        await Storage.ReadStateAsync(StateName, User(user).GetGrainId(), state);
        return state;
    }
}
