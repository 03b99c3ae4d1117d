using Connections.Core;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;

namespace Connections.WebFront.Api;

/// <summary>The routes as the proxy wants them, made from <see cref="ApiOptions"/>.</summary>
internal sealed class ApiRoutes
{
    /// <summary>The route that there is without any other.</summary>
    public const string Default = "api";

    /// <summary>Makes them.</summary>
    public ApiRoutes(ApiOptions options)
    {
        var named = options.Routes.ToDictionary(r => r.Key, r => r.Value);
        if (options.Destination is not null)
            named.TryAdd(Default, new ApiRouteOptions { Path = "/api/{**rest}" });
        Rules = named.ToDictionary(r => r.Key, r => r.Value.Breaker ?? options.Breaker);
        Proxy = [.. named.Select(r => new RouteConfig
        {
            RouteId = r.Key,
            ClusterId = r.Key,
            Match = new RouteMatch { Path = r.Value.Path ?? $"/api/{r.Key}/{{**rest}}" },
            AuthorizationPolicy = r.Value.Anonymous ? "anonymous" : "default",
            MaxRequestBodySize = options.MaxRequestBytes,
        })];
        Clusters = [.. named.Select(r => new ClusterConfig
        {
            ClusterId = r.Key,
            Destinations = new Dictionary<string, DestinationConfig> { [r.Key] = new() { Address = r.Value.Destination ?? options.Destination! } },
            HttpRequest = new ForwarderRequestConfig { ActivityTimeout = options.Timeout },
        })];
    }

    /// <summary>The rules of each route's breaker.</summary>
    public IReadOnlyDictionary<string, BreakerOptions> Rules { get; }

    /// <summary>The proxy's routes.</summary>
    public IReadOnlyList<RouteConfig> Proxy { get; }

    /// <summary>The proxy's clusters: one a route.</summary>
    public IReadOnlyList<ClusterConfig> Clusters { get; }
}
