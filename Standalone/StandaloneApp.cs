using Connections.Grains.Upstream;
using Connections.Hosting;
using Connections.Hosting.Draining;
using Connections.Hosting.Management;
using Connections.Hosting.Memory;
using Connections.Silo.Clustering;
using Connections.Silo.Health;
using Connections.WebFront;
using StackExchange.Redis;

namespace Connections.Standalone;

/// <summary>Silo, front, store and sample backend in one process: the one-command start.</summary>
internal static class StandaloneApp
{
    /// <summary>Puts it together without starting it.</summary>
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = args,
            EnvironmentName = Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT") ?? Environments.Development,
        });
        builder.AddQuietLogging();
        builder.AddManagement();
        builder.AddMemory();
        builder.AddDrainLifetime();
        var options = Bind(builder);
        var redis = builder.AddStore(options);
        var backend = builder.AddSampleBackend(options);
        builder.AddLoneSilo(FreePort.Next(), FreePort.Next(), redis);
        builder.AddSiloHealth(redis);
        builder.AddFront();

        var app = builder.Build();
        app.MapManagement();
        app.MapFront();
        app.MapGet("/sample-backend", () => backend is null ? Results.NotFound() : Results.Ok(new { url = backend.Address })).AllowAnonymous();
        app.Lifetime.ApplicationStarted.Register(() => Banner.Print(app, backend?.Address, DataPath(app.Environment, options)));
        return app;
    }

    private static StandaloneOptions Bind(WebApplicationBuilder builder)
    {
        var section = builder.Configuration.GetSection(StandaloneOptions.Section);
        builder.Services.AddOptions<StandaloneOptions>().Bind(section).ValidateDataAnnotations().ValidateOnStart();
        return section.Get<StandaloneOptions>() ?? new StandaloneOptions();
    }

    // Services start in the order of their registration and stop in the reverse one: the store is there before the silo, and after it.
    private static ConfigurationOptions AddStore(this WebApplicationBuilder builder, StandaloneOptions options)
    {
        if (builder.Configuration.GetConnectionString(RedisConnection.Name) is null)
        {
            var port = FreePort.Next();
            builder.Services.AddHostedService(_ => new EmbeddedStore(port, DataPath(builder.Environment, options)));
            builder.Configuration[$"ConnectionStrings:{RedisConnection.Name}"] = $"127.0.0.1:{port}";
        }

        return RedisConnection.Read(builder.Configuration);
    }

    private static SampleBackend? AddSampleBackend(this WebApplicationBuilder builder, StandaloneOptions options)
    {
        if (!options.SampleBackend)
            return null;
        var backend = new SampleBackend(options.BackendPort == 0 ? FreePort.Next() : options.BackendPort);
        builder.Services.AddHostedService(_ => backend);
        builder.Configuration[$"{UpstreamOptions.Section}:{nameof(UpstreamOptions.Url)}"] ??=
            $"ws://127.0.0.1:{backend.Address.Port}/ws/{{userId}}";
        builder.Configuration["Api:Destination"] ??= backend.Address.ToString();
        return backend;
    }

    private static string DataPath(IHostEnvironment environment, StandaloneOptions options) =>
        Path.GetFullPath(options.DataPath, environment.ContentRootPath);
}
