using System.ComponentModel.DataAnnotations;
using Connections.Grains;
using Connections.Grains.Abstractions.Monitoring;
using Connections.Grains.Abstractions.Streams;
using Connections.Grains.Upstream;
using Connections.Hosting;
using Connections.Hosting.Telemetry;
using Connections.Silo.Monitoring;
using Orleans.Configuration;
using Orleans.Dashboard;
using Orleans.Serialization;
using Orleans.Storage;
using StackExchange.Redis;

namespace Connections.Silo.Clustering;

/// <summary>Puts a silo together.</summary>
public static class SiloSetup
{
    // Where grains were last seen. The table is there from the start: Orleans' own size, of a million, takes 19 MB; what does not fit is looked up again.
    private const int DirectoryCache = 100_000;

    // What Orleans and the host need beside the hand-over.
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(10);

    /// <summary>A silo of a cluster whose members find each other, and keep their users' state, in Redis.</summary>
    public static void AddRedisSilo(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var redis = RedisConnection.Read(builder.Configuration);
        var options = Bind(builder);
        builder.Services.AddSingleton<IStartCheck>(new PortCheck(nameof(SiloOptions.SiloPort), options.SiloPort));
        builder.Services.AddSingleton<IStartCheck>(new PortCheck(nameof(SiloOptions.GatewayPort), options.GatewayPort));
        builder.Services.AddSingleton<IStartCheck>(new RedisCheck(redis, TimeProvider.System));
        var address = OwnAddress.Find(options.AdvertisedAddress);
        var isOwn = OwnAddress.Has(address);
        if (isOwn)
            builder.Services.AddHostedService(s => ActivatorUtilities.CreateInstance<AddressWatch>(s, address));
        builder.Services.AddHostedService<MembershipKeeper>();
        builder.UseOrleans(silo => silo
            .UseRedisClustering(o => o.ConfigurationOptions = redis)
            .ConfigureEndpoints(address, options.SiloPort, options.GatewayPort, listenOnAnyHostAddress: !isOwn)
            .AddRedisStorage(redis)
            .AddUserConnections(builder.Configuration, options.ClusterId));
    }

    /// <summary>A silo that is a cluster by itself, on ports of this machine, and keeps its users' state in Redis.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="siloPort">The port for other silos, of which there are none.</param>
    /// <param name="gatewayPort">The port for fronts.</param>
    /// <param name="redis">Where state is kept.</param>
    public static void AddLoneSilo(this WebApplicationBuilder builder, int siloPort, int gatewayPort, ConfigurationOptions redis)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = Bind(builder);
        builder.UseOrleans(silo => silo
            .UseLocalhostClustering(siloPort, gatewayPort)
            .AddRedisStorage(redis)
            .AddUserConnections(builder.Configuration, options.ClusterId));
    }

    /// <summary>What every silo has, wherever it finds its peers and keeps its state.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="configuration">Where the options are.</param>
    /// <param name="clusterId">The cluster's name.</param>
    public static ISiloBuilder AddUserConnections(this ISiloBuilder silo, IConfiguration configuration, string clusterId)
    {
        ArgumentNullException.ThrowIfNull(silo);
        if (TraceIds.AreTakenAlong(configuration))
            silo.AddActivityPropagation();
        silo.Services.AddSingleton<INodeFigures, SiloFigures>();
        silo.Services.AddConnectionGrains(configuration);
        if (OpenFiles.Limit is { } files)
            silo.Services.PostConfigure<UpstreamOptions>(o => o.MaxConnections ??= OpenFiles.ForConnections(files));
        silo.Services.AddOptions<HostOptions>().Configure<Microsoft.Extensions.Options.IOptions<Grains.ConnectionOptions>>(
            (host, connection) => host.ShutdownTimeout = connection.Value.HandOverTimeout + StopTime);
        return silo
            .Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (clusterId, clusterId))
            .AddFailureDetection()
            .AddDirectory()
            .AddMemoryStreams(StreamNames.Provider)
            .AddDashboard(o => o.HideTrace = true);
    }

    // The default directory drops healthy activations when another silo leaves, and with each its upstream socket: see decision 2.
    private static ISiloBuilder AddDirectory(this ISiloBuilder silo)
    {
#pragma warning disable ORLEANSEXP003
        silo.AddDistributedGrainDirectory();
#pragma warning restore ORLEANSEXP003
        return silo.Configure<GrainDirectoryOptions>(o => (o.RangeLeaseDuration, o.CacheSize) = (TimeSpan.FromSeconds(9), DirectoryCache));
    }

    // Measured: a killed silo is declared dead in about 1.5 s, a hung one in about 10 s (Orleans' defaults: 5 to 15 s, and 60 s).
    private static ISiloBuilder AddFailureDetection(this ISiloBuilder silo) => silo
        .Configure<ClusterMembershipOptions>(o =>
        {
            o.ProbeTimeout = TimeSpan.FromSeconds(1);
            o.MaxProbeTimeout = TimeSpan.FromSeconds(3);
            o.NumMissedProbesLimit = 3;
            o.TableRefreshTimeout = TimeSpan.FromSeconds(3);
            o.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);
        })
        .Configure<SiloMessagingOptions>(o => o.ClientDropTimeout = TimeSpan.FromSeconds(5))
        .Configure<GrainCollectionOptions>(o => o.DeactivationTimeout = TimeSpan.FromSeconds(5));

    // Orleans' own state of the streams is made for Orleans' own serializer.
    private static ISiloBuilder AddRedisStorage(this ISiloBuilder silo, ConfigurationOptions redis) => silo
        .AddRedisGrainStorage(StorageNames.Connections, o =>
        {
            o.ConfigurationOptions = redis;
            o.GrainStorageSerializer = new StateSerializer();
        })
        .AddRedisGrainStorage(StorageNames.PubSub, o => o.Configure<OrleansJsonSerializer>((options, json) =>
        {
            options.ConfigurationOptions = redis;
            options.GrainStorageSerializer = new JsonGrainStorageSerializer(json);
        }));

    private static SiloOptions Bind(WebApplicationBuilder builder)
    {
        var section = builder.Configuration.GetSection(SiloOptions.Section);
        builder.Services.AddOptions<SiloOptions>().Bind(section).ValidateDataAnnotations().ValidateOnStart();
        var options = section.Get<SiloOptions>() ?? new SiloOptions();

        // Needed before the host's own check, and Orleans takes no port that is none.
        var problems = new List<ValidationResult>();
        if (!Validator.TryValidateObject(options, new ValidationContext(options), problems, validateAllProperties: true))
        {
            throw new Microsoft.Extensions.Options.OptionsValidationException(
                SiloOptions.Section, typeof(SiloOptions), problems.Select(p => $"{SiloOptions.Section}: {p.ErrorMessage}"));
        }

        return options;
    }
}
