using Connections.Backend.Api;
using Connections.Backend.Dials;
using Connections.Backend.Faults;
using Connections.Backend.Hosting;
using Connections.Backend.Pushes;
using Connections.Backend.Sockets;
using Connections.Backend.Stats;

namespace Connections.Backend;

/// <summary>
/// The sample backend that a gateway dials: per-user WebSockets that tick and echo, an HTTP API, and faults that can be switched on
/// while it runs. Started by its own <c>Main</c>, by Standalone, and by tests.
/// </summary>
public static class BackendApp
{
    /// <summary>Puts the backend together without starting it.</summary>
    /// <param name="args">Settings as on the command line, such as <c>--urls http://127.0.0.1:0 --Backend:TickInterval 0</c>.</param>
    /// <param name="configure">A last word on configuration, logging and services (for example another <see cref="TimeProvider"/>).</param>
    /// <returns>The application. After its start <see cref="WebApplication.Urls"/> holds the addresses; when
    /// <see cref="BackendOptions.Http2Port"/> is set, the HTTP/2 address is the last of them.</returns>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.AddQuietLogs();
        configure?.Invoke(builder);

        builder.AddHosting();
        builder.Services.AddFaults();
        builder.Services.AddSockets();
        builder.Services.AddStats();

        var app = builder.Build();
        app.UseHosting();
        app.UseFaultyTransport();
        app.UseWebSockets();
        app.MapHelp();
        app.MapDials();
        app.MapPushes();
        app.MapStats();
        app.MapFaults();
        app.MapApi();
        return app;
    }
}
