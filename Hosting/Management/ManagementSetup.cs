using Connections.Hosting.Draining;
using Connections.Hosting.Health;
using Connections.Hosting.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Connections.Hosting.Management;

/// <summary>Health and metrics of a process.</summary>
public static class ManagementSetup
{
    /// <summary>Registers them. Comes first: the management port opens before anything else starts.</summary>
    public static void AddManagement(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var section = builder.Configuration.GetSection(ManagementOptions.Section);
        builder.Services.AddOptions<ManagementOptions>().Bind(section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.TryAddSingleton<DrainState>();
        builder.Services.AddHealthChecks().AddCheck<StopHealth>("stop", tags: [HealthEndpoints.Ready]);
        if (Port(builder.Configuration) is var port and not 0)
            builder.Services.Insert(0, ServiceDescriptor.Singleton<IHostedService>(process => new ManagementServer(port, process)));
        builder.AddTelemetry();
    }

    /// <summary>Maps health, and in Development metrics, on the main port, unless there is a management port.</summary>
    public static void MapManagement(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        if (Port(app.Configuration) != 0)
            return;
        app.MapHealth(app.Services);
        if (app.Environment.IsDevelopment())
            app.MapMetrics(app.Services);
    }

    private static int Port(IConfiguration configuration) =>
        configuration.GetSection(ManagementOptions.Section).GetValue<int>(nameof(ManagementOptions.Port));
}
