using System.Collections.Concurrent;
using System.Net;
using Connections.Grains.Abstractions.Delivery;
using Orleans.Serialization;

namespace Connections.WebFront.Silos;

/// <summary>This front's direct connections: one to each silo that has users here and takes it.</summary>
internal sealed class DirectLinks(FrontSink sink, Serializer serializer, TimeProvider time, ILogger<DirectLink> logger) : IHostedService
{
    private readonly ConcurrentDictionary<string, DirectLink> _links = new(StringComparer.Ordinal);
    private volatile bool _stopping;

    /// <summary>A silo said where it takes a direct connection; makes one, unless there is one or its last try was a moment ago.</summary>
    /// <param name="silo">The link, as in its batches: the silo and a number.</param>
    /// <param name="address">Where.</param>
    /// <param name="frontId">This front.</param>
    public void Use(string silo, LinkAddress? address, string frontId)
    {
        // Links have new names when they are made anew: nobody comes back for those that ended.
        foreach (var (name, ended) in _links)
        {
            if (name != silo && ended.MayBeReplaced)
                _links.TryRemove(KeyValuePair.Create(name, ended));
        }

        if (address is null || _stopping || (_links.TryGetValue(silo, out var link) && !link.MayBeReplaced))
            return;
        var endpoint = new IPEndPoint(SiloAddress.FromParsableString(silo[..silo.LastIndexOf('/')]).Endpoint.Address, address.Port);
        var made = new DirectLink(silo, endpoint, DirectWire.Hello(address.Key, frontId), sink, serializer, time, logger);
        if (link is null ? _links.TryAdd(silo, made) : _links.TryUpdate(silo, made, link))
            made.Begin();
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        _stopping = true;
        foreach (var link in _links.Values)
            link.Dispose();
        return Task.CompletedTask;
    }
}
