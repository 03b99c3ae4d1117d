using Connections.Hosting;

namespace Connections.Silo.Health;

/// <summary>The silo's health checks.</summary>
public static class SiloHealthSetup
{
    /// <summary>Registers them.</summary>
    public static void AddSiloHealth(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddHealthChecks().AddCheck<SiloHealth>("silo", tags: [HealthEndpoints.Ready]);
    }
}
