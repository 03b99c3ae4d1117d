using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Connections.Backend.Hosting;

/// <summary>Addresses, limits, options, CORS and JSON: what every request passes before it reaches a feature.</summary>
internal static class HostingSetup
{
    // Closing sockets takes at most GoAwayGrace; this is the backstop for requests that ignore the stop.
    private static readonly TimeSpan StopTimeout = TimeSpan.FromMilliseconds(700);

    /// <summary>
    /// Below every other source of configuration, so that any of them may ask for more. Must come first: it reloads them.
    /// </summary>
    internal static void AddQuietLogs(this WebApplicationBuilder builder) => builder.Configuration.Sources.Insert(0,
        new MemoryConfigurationSource
        {
            InitialData = [new("Logging:LogLevel:Default", "Information"), new("Logging:LogLevel:Microsoft.AspNetCore", "Warning")],
        });

    internal static void AddHosting(this WebApplicationBuilder builder)
    {
        ListenAddresses.Apply(builder);
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<TcpConnections>();
        services.AddOptions<BackendOptions>().BindConfiguration(BackendOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<BackendOptions>>().Value);
        services.AddSingleton<IConfigureOptions<KestrelServerOptions>, KestrelSetup>();
        services.Configure<HostOptions>(host => host.ShutdownTimeout = StopTimeout);
        services.ConfigureHttpJsonOptions(json =>
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, BackendJson.Default));
        services.AddProblemDetails();
        services.AddCors(cors => cors.AddDefaultPolicy(policy =>
            policy.AllowAnyOrigin().AllowAnyHeader().AllowAnyMethod().WithExposedHeaders("Retry-After")));
    }

    internal static void UseHosting(this WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseCors();
        app.MapGet("/health", () => "healthy");
    }
}
