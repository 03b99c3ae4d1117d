using Connections.Grains.Abstractions.Streams;
using Connections.Hosting;
using Connections.Hosting.Health;
using Connections.Hosting.Telemetry;
using Orleans.Configuration;
using Orleans.Dashboard;

namespace Connections.WebFront.Silos;

/// <summary>The front as a client of the cluster: its deploys and crashes never touch the grain directory.</summary>
internal static class ClusterSetup
{
    /// <summary>Registers the client, which finds the silos in Redis.</summary>
    public static void AddClusterClient(this WebApplicationBuilder builder)
    {
        var redis = RedisConnection.Read(builder.Configuration);
        var clusterId = builder.Configuration.GetSection(FrontOptions.Section)[nameof(FrontOptions.ClusterId)] ?? new FrontOptions().ClusterId;
        builder.UseOrleansClient(client =>
        {
            client.UseRedisClustering(o => o.ConfigurationOptions = redis)
                .Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (clusterId, clusterId))
                .Configure<GatewayOptions>(o => o.GatewayListRefreshPeriod = TimeSpan.FromSeconds(5))
                .Configure<ClientMessagingOptions>(o => o.ResponseTimeout = TimeSpan.FromSeconds(5))
                .AddMemoryStreams(StreamNames.Provider)
                .AddDashboard()
                .AddGatewayCountChangedHandler(services => (_, change) =>
                    services.GetRequiredService<GatewayHealth>().Changed(change.NumberOfConnectedGateways, change.PreviousNumberOfConnectedGateways))
                .AddClusterConnectionLostHandler(services => (_, _) => services.GetRequiredService<GatewayHealth>().Changed(0, 1));
            if (TraceIds.AreTakenAlong(builder.Configuration))
                client.AddActivityPropagation();
            client.Services.AddSingleton<IClientConnectionRetryFilter, PatientRetry>();
        });
        // The client waits for a silo, and meanwhile the front says over HTTP that it does.
        builder.Services.Configure<HostOptions>(o => o.ServicesStartConcurrently = true);
        builder.Services.AddSingleton<GatewayHealth>();
        builder.Services.AddHealthChecks().AddCheck<GatewayHealth>("gateway", tags: [HealthEndpoints.Ready]);
    }
}
