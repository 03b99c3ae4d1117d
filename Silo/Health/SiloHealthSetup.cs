using Connections.Hosting;
using Connections.Hosting.Health;
using StackExchange.Redis;

namespace Connections.Silo.Health;

/// <summary>The silo's health checks.</summary>
public static class SiloHealthSetup
{
    /// <summary>Registers them.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="redis">The Redis to watch; by default that of the configuration.</param>
    public static void AddSiloHealth(this WebApplicationBuilder builder, ConfigurationOptions? redis = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        redis ??= RedisConnection.Read(builder.Configuration);
        builder.Services.AddSingleton(s => ActivatorUtilities.CreateInstance<StoreWatch>(s, redis));
        builder.Services.AddHostedService(s => s.GetRequiredService<StoreWatch>());
        builder.Services.AddHealthChecks()
            .AddCheck<SiloHealth>("silo", tags: [HealthEndpoints.Ready])
            .AddCheck<StoreWatch>("store", tags: [HealthEndpoints.Ready]);
    }
}
