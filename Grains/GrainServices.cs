using Connections.Grains.Abstractions.Monitoring;
using Connections.Grains.Breakers;
using Connections.Grains.Delivery;
using Connections.Grains.Delivery.Direct;
using Connections.Grains.Events;
using Connections.Grains.Monitoring;
using Connections.Grains.Ownership;
using Connections.Grains.Placement;
using Connections.Grains.Revoking;
using Connections.Grains.Sending;
using Connections.Grains.Upstream;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Serialization;

namespace Connections.Grains;

/// <summary>What a silo needs to host users' connections, apart from clustering, storage and streams.</summary>
public static class GrainServices
{
    /// <summary>Registers the grains' services and their options, checked at start.</summary>
    /// <param name="services">The silo's services.</param>
    /// <param name="configuration">Where the sections <c>Connection</c> and <c>Upstream</c> are.</param>
    public static IServiceCollection AddConnectionGrains(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ConnectionOptions>().Bind(configuration.GetSection(ConnectionOptions.Section))
            .ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<UpstreamOptions>().Bind(configuration.GetSection(UpstreamOptions.Section))
            .ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<SendingOptions>().Bind(configuration.GetSection(SendingOptions.Section))
            .ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<UpstreamOptions>, UpstreamOptionsCheck>();
        services.AddSingleton<IUpstreamDialer, UpstreamDialer>();
        services.AddSingleton<ConnectionServices>();
        services.AddSingleton<DialGate>();
        services.AddHostedService(s => s.GetRequiredService<DialGate>());
        services.AddSingleton<FrontLinks>();
        services.AddHostedService<LinkDoor>();
        services.AddSingleton<Feeds>();
        services.AddHostedService(s => s.GetRequiredService<Feeds>());
        services.AddOptions<RebalanceOptions>().Bind(configuration.GetSection(RebalanceOptions.Section))
            .ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton<INodeFigures, NoFigures>();
        services.AddSingleton<SiloLoads>();
        services.AddSingleton<SiloBoard>();
        services.AddHostedService<Rebalancer>();
        services.AddSingleton<SiloDrain>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(s => s.GetRequiredService<SiloDrain>());
        services.AddPlacementDirector<UserPlacement, UserPlacementDirector>();
        services.AddSingleton<EventPublisher>();
        services.AddHostedService(s => s.GetRequiredService<EventPublisher>());
        services.AddSerializer(s => s.AddJsonSerializer(MovesAsJson));
        return services;
    }

    // What is stored moves with its grain, or Orleans logs an error for each one that moves and the new silo reads it from the store.
    private static bool MovesAsJson(Type type) =>
        type == typeof(StoredConnection) || type == typeof(StoredApiBreaker) || type == typeof(StoredRevocations);
}
