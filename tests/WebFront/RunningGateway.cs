using System.Collections.Concurrent;
using Connections.Backend;
using Connections.Grains;
using Connections.Grains.Abstractions;
using Connections.Grains.Abstractions.State;
using Connections.Grains.Abstractions.Streams;
using Connections.Grains.Ownership;
using Connections.Hosting;
using Connections.Silo.Clustering;
using Connections.Testing;
using Connections.Testing.Processes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Storage;
using Orleans.Streams;

namespace Connections.WebFront.Tests;

/// <summary>A front and a silo in this process, as <c>Standalone</c> puts them together, over Kestrel, a real Redis and the sample backend.</summary>
/// <remarks>The tests of a class may share it, so every test takes users of its own: <see cref="NewUser"/>. Each is a cluster of its own in the shared Redis.</remarks>
public sealed class RunningGateway : IAsyncDisposable
{
    private static int _lastUser;
    private static int _lastGateway;

    /// <summary>The route under <c>/api</c>, which is the name of its breaker.</summary>
    public const string Route = "backend";

    private readonly WebApplication _app;
    private readonly WebApplication _backend;

    private RunningGateway(WebApplication app, WebApplication backend)
    {
        _app = app;
        _backend = backend;
        Address = new Uri(app.Urls.First());
        Backend = new BackendControl(new Uri(backend.Urls.First()));
    }

    /// <summary>Where tabs connect.</summary>
    public Uri Address { get; }

    /// <summary>The backend's own word on what it saw, and its faults.</summary>
    public BackendControl Backend { get; }

    /// <summary>A user that no other test has.</summary>
    public static string NewUser() => $"user-{Interlocked.Increment(ref _lastUser)}";

    /// <summary>Starts it. The backend does not tick, and waits between dials are short.</summary>
    /// <param name="redis">The store.</param>
    /// <param name="environment">Development, or not.</param>
    /// <param name="settings">As <c>Section:Name=value</c>; those of the section <c>Backend</c> are the backend's.</param>
    public static async Task<RunningGateway> StartAsync(RedisServer redis, string environment = "Development", params string[] settings)
    {
        ArgumentNullException.ThrowIfNull(redis);
        var backend = BackendApp.Build(
            ["--urls", "http://127.0.0.1:0", "--Backend:TickInterval", "0", .. settings.Where(IsBackends).Select(s => $"--{s}")], b => b.Logging.ClearProviders());
        await backend.StartAsync();

        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            EnvironmentName = environment,
            ContentRootPath = AppContext.BaseDirectory,
            Args =
            [
                "--urls=http://127.0.0.1:0",
                $"--ConnectionStrings:redis={redis.ConnectionString}",
                $"--Silo:ClusterId=gateway-{Interlocked.Increment(ref _lastGateway)}",
                $"--Upstream:Url=ws://{new Uri(backend.Urls.First()).Authority}/ws/{{userId}}",
                $"--Api:Routes:{Route}:Path=/api/{{**rest}}",
                $"--Api:Routes:{Route}:Destination={backend.Urls.First()}",
                "--Upstream:Backoff:MinDelay=00:00:00.005",
                "--Upstream:Backoff:BaseDelay=00:00:00.020",
                "--Upstream:Backoff:MaxDelay=00:00:00.050",
                .. settings.Where(s => !IsBackends(s)).Select(s => $"--{s}"),
            ],
        });
        builder.Logging.ClearProviders();
        builder.AddLoneSilo(FreePorts.Next(), FreePorts.Next(), RedisConnection.Read(builder.Configuration));
        builder.AddFront();
        var app = builder.Build();
        app.MapFront();
        await app.StartAsync();
        return new RunningGateway(app, backend);
    }

    /// <summary>Waits until a user's upstream is open, for the backend and for the gateway: the one knows it a moment before the other, which queues till then.</summary>
    public async Task IsOpenAsync(string user)
    {
        await Eventually.HoldsAsync(async () => (await Backend.UserAsync(user)).Connections == 1, $"the upstream of {user} is open");
        var grain = _app.Services.GetRequiredService<IGrainFactory>().GetGrain<IUserConnectionGrain>(user);
        await Eventually.HoldsAsync(async () => (await grain.GetState()).Upstream is UpstreamStatus.Open, $"the gateway knows that the upstream of {user} is open");
    }

    /// <summary>Another owner takes the user without the log, as after a crash that the old owner survived: a new epoch begins.</summary>
    public async Task LoseOwnerAsync(string user)
    {
        var storage = _app.Services.GetRequiredKeyedService<IGrainStorage>(StorageNames.Connections);
        var grain = _app.Services.GetRequiredService<IGrainFactory>().GetGrain<IUserConnectionGrain>(user);
        var state = new GrainState<StoredConnection>(new StoredConnection());
        await storage.ReadStateAsync("connection", grain.GetGrainId(), state);
        var generation = (await grain.GetState()).Generation;
        (state.State!.Generation, state.State.Owner, state.State.Clean) = (generation + 1, "another silo", false);
        await storage.WriteStateAsync("connection", grain.GetGrainId(), state);

        // The owner finds out when it stores that its breaker has opened.
        await Backend.FaultAsync(new { mode = "refuse", users = new[] { user } });
        await Backend.DropAsync(user);
        await Eventually.HoldsAsync(async () => (await grain.GetState()).Generation == generation + 2, "the next owner has the user");
        await Backend.HealAsync();
    }

    /// <summary>Changes a setting that is not on the command line, as an edit of a settings file would.</summary>
    public void Configure(string setting, string value)
    {
        _app.Configuration[setting] = value;
        ((IConfigurationRoot)_app.Configuration).Reload();
    }

    /// <summary>Everything that the events stream brings from now on.</summary>
    public async Task<IReadOnlyCollection<ConnectionEvent>> EventsAsync()
    {
        var seen = new ConcurrentQueue<ConnectionEvent>();
        var stream = _app.Services.GetRequiredService<IClusterClient>().GetStreamProvider(StreamNames.Provider)
            .GetStream<ConnectionEvent>(StreamId.Create(StreamNames.Events, StreamNames.EventsKey));
        await stream.SubscribeAsync((e, _) =>
        {
            seen.Enqueue(e);
            return Task.CompletedTask;
        });
        return seen;
    }

    private static bool IsBackends(string setting) => setting.StartsWith("Backend:", StringComparison.Ordinal);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Backend.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _backend.StopAsync();
        await _backend.DisposeAsync();
    }
}
