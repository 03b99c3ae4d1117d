using Yarp.ReverseProxy.Configuration;

namespace Connections.Load.Peers;

/// <summary>YARP and nothing else.</summary>
internal static class YarpPeer
{
    /// <summary>Runs it.</summary>
    public static Task RunAsync(int port, int backend)
    {
        var builder = PeerHost.Make(port);
        builder.Services.AddReverseProxy().LoadFromMemory(
            [new RouteConfig { RouteId = "ws", ClusterId = "backend", Match = new RouteMatch { Path = "/ws/{**rest}" } }],
            [new ClusterConfig { ClusterId = "backend", Destinations = new Dictionary<string, DestinationConfig> { ["one"] = new() { Address = $"http://127.0.0.1:{backend}" } } }]);
        var app = builder.Build();
        app.MapReverseProxy();
        return PeerHost.RunAsync(app);
    }
}
