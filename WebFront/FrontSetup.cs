using Connections.Hosting.Draining;
using Connections.WebFront.Admin;
using Connections.WebFront.Admission;
using Connections.WebFront.Api;
using Connections.WebFront.GraphQL;
using Connections.WebFront.Hub;
using Connections.WebFront.Identity;
using Connections.WebFront.Lines;
using Connections.WebFront.Monitor;
using Connections.WebFront.RawSocket;
using Connections.WebFront.Sessions;
using Connections.WebFront.Silos;
using Connections.WebFront.Sse;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.FileProviders;
using Orleans.Dashboard;

namespace Connections.WebFront;

/// <summary>Everything a front does, but for how it reaches the cluster: used by the front's own process and by the stand-alone one.</summary>
public static class FrontSetup
{
    /// <summary>Registers the sessions and the ways in.</summary>
    public static void AddFront(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddOptions<FrontOptions>().Bind(builder.Configuration.GetSection(FrontOptions.Section))
            .ValidateDataAnnotations().ValidateOnStart();
        builder.AddLines();
        builder.WebHost.ConfigureKestrel(o =>
        {
            o.AddServerHeader = false;

            // Kestrel's own is 30 s, which is long for headers that come drop by drop.
            o.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            builder.Configuration.GetSection("Kestrel:Limits").Bind(o.Limits);
        });
        builder.Services.AddSingleton<Microsoft.Extensions.Options.IValidateOptions<FrontOptions>, TrustedProxiesCheck>();
        builder.Services.AddProblemDetails();
        builder.AddIdentity();
        builder.AddSilos();
        builder.AddSessions();
        builder.Services.TryAddSingleton<DrainState>();
        builder.Services.AddSingleton<FrontDoor>();
        builder.AddConnectionHub();
        builder.AddRawSocket();
        builder.AddSse();
        builder.AddConnectionGraphQL();
        builder.AddApi();
        builder.AddAdmin();
        builder.AddMonitor();
    }

    /// <summary>Maps the ways in and the pages.</summary>
    public static void MapFront(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.UseTrustedProxies();
        app.UseOriginCheck();
        app.UsePages();
        app.UseFrontDoor();
        app.UseLines();
        app.UseWebSockets();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapConnectionHub();
        app.MapRawSocket();
        app.MapSse();
        app.MapConnectionGraphQL();
        app.MapApi();
        app.MapAdmin();
        app.MapMonitor();
        app.MapAdminLogin();
        app.MapOrleansDashboard("/orleans").RequireAuthorization(IdentitySetup.AdminPolicy);
    }

    private static void UsePages(this WebApplication app)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "wwwroot");

        // A front that was built without the page (-p:BuildPage=false) has none to serve.
        if (!Directory.Exists(folder))
            return;
        var files = new PhysicalFileProvider(folder);
        app.UseDefaultFiles(new DefaultFilesOptions { FileProvider = files });
        app.UseStaticFiles(new StaticFileOptions
        {
            FileProvider = files,

            // A browser asks each time whether a file changed: after an upgrade no page runs with the modules of another version.
            OnPrepareResponse = context => context.Context.Response.Headers.CacheControl = "no-cache",
        });
    }

    private static void AddSilos(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<FrontSink>();
        builder.Services.AddSingleton<DirectLinks>();
        builder.Services.AddHostedService(s => s.GetRequiredService<DirectLinks>());
        builder.Services.AddSingleton<SiloWatch>();
        builder.Services.AddHostedService<SiloLossHandler>();
    }

    private static void AddSessions(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<SessionServices>();
        builder.Services.AddSingleton<SessionRegistry>();
        builder.Services.AddSingleton<SessionSweeper>();
        builder.Services.AddHostedService(s => s.GetRequiredService<SessionSweeper>());
        builder.Services.AddSingleton<IDrain>(s => s.GetRequiredService<SessionSweeper>());
    }
}
