using Microsoft.Extensions.Primitives;
using Microsoft.Extensions.ServiceDiscovery;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.ServiceDiscovery;

namespace Connections.WebFront.Api;

/// <summary>Looks the hosts of destinations up by service discovery, and again whenever that says that they changed.</summary>
internal sealed class DiscoveredDestinations(ServiceEndpointResolver resolver) : IDestinationResolver
{
    /// <inheritdoc/>
    public async ValueTask<ResolvedDestinationCollection> ResolveDestinationsAsync(
        IReadOnlyDictionary<string, DestinationConfig> destinations, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, DestinationConfig>();
        var changes = new List<IChangeToken>();
        foreach (var (name, destination) in destinations)
        {
            var address = new Uri(destination.Address);
            var source = await resolver.GetEndpointsAsync(address.GetLeftPart(UriPartial.Authority), cancellationToken);
            changes.Add(source.ChangeToken);
            foreach (var endpoint in source.Endpoints)
                found[$"{name}[{endpoint}]"] = destination with { Address = At(address, endpoint.ToString()!), Host = destination.Host ?? address.Authority };
        }

        return new ResolvedDestinationCollection(found, new CompositeChangeToken(changes));
    }

    // An endpoint is a host and a port, or a whole address where the configuration gives one.
    private static string At(Uri original, string endpoint)
    {
        var found = new Uri(endpoint.Contains("://", StringComparison.Ordinal) ? endpoint : $"{original.Scheme}://{endpoint}");
        return new UriBuilder(found) { Path = original.AbsolutePath }.Uri.ToString();
    }
}
