using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Configuration;

namespace Connections.WebFront.Api;

/// <summary>Gives the proxy its routes. They do not change while the front runs; the addresses behind them may.</summary>
internal sealed class ApiProxyConfig(ApiRoutes routes) : IProxyConfigProvider, IProxyConfig
{
    /// <inheritdoc/>
    public IReadOnlyList<RouteConfig> Routes => routes.Proxy;

    /// <inheritdoc/>
    public IReadOnlyList<ClusterConfig> Clusters => routes.Clusters;

    /// <inheritdoc/>
    public IChangeToken ChangeToken { get; } = new CancellationChangeToken(CancellationToken.None);

    /// <inheritdoc/>
    public IProxyConfig GetConfig() => this;
}
