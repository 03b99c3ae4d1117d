using System.Globalization;
using Yarp.ReverseProxy.Configuration;

namespace Connections.Proxy;

/// <summary>What is measured, apart from the front itself.</summary>
internal static class Servers
{
    /// <summary>A backend that answers at once.</summary>
    public static async Task RunBackendAsync(int port)
    {
        await using var app = Make(port).Build();
        var answer = new { message = "hello", at = 1_700_000_000_000 };
        app.MapGet("/api/hello", () => TypedResults.Ok(answer));
        await RunAsync(app);
    }

    /// <summary>YARP and nothing else.</summary>
    public static async Task RunBareAsync(int port, int backend)
    {
        var builder = Make(port);
        builder.Services.AddReverseProxy().LoadFromMemory(
            [new RouteConfig { RouteId = "api", ClusterId = "api", Match = new RouteMatch { Path = "/api/{**rest}" } }],
            [new ClusterConfig { ClusterId = "api", Destinations = new Dictionary<string, DestinationConfig> { ["backend"] = new() { Address = $"http://127.0.0.1:{backend}" } } }]);
        await using var app = builder.Build();
        app.MapReverseProxy();
        await RunAsync(app);
    }

    private static WebApplicationBuilder Make(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        builder.Logging.ClearProviders();
        return builder;
    }

    // Ends with the one who started it.
    private static async Task RunAsync(WebApplication app)
    {
        await app.StartAsync();
        while (await Console.In.ReadLineAsync() is not null)
        {
            // Nothing is said.
        }
    }
}
