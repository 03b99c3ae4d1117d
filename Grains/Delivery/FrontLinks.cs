using System.Collections.Concurrent;
using Connections.Grains.Abstractions.Delivery;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Connections.Grains.Delivery;

/// <summary>The links of this silo, one per front.</summary>
internal sealed class FrontLinks(
    ILocalSiloDetails silo,
    IGrainFactory grains,
    IOptions<ConnectionOptions> options,
    TimeProvider time,
    ILogger<FrontLink> logger,
    TaskScheduler? scheduler = null) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<FrontLink>> _links = new(StringComparer.Ordinal);
    private long _opened;

    /// <summary>The name of this silo, in Orleans' own form.</summary>
    public string SiloName { get; } = silo.SiloAddress.ToParsableString();

    /// <summary>Where fronts may connect to this silo directly; null when they may not.</summary>
    public LinkAddress? Direct { get; set; }

    /// <summary>The link to a front, or null when there is none now.</summary>
    public FrontLink? Find(string frontId) => _links.TryGetValue(frontId, out var lazy) && !lazy.Value.IsLost ? lazy.Value : null;

    /// <summary>The link to a front; a lost one is replaced, for the front shows that it lives.</summary>
    public FrontLink To(string frontId, IFrontSink sink)
    {
        while (true)
        {
            var lazy = _links.GetOrAdd(frontId, id => new Lazy<FrontLink>(() => Open(id, sink)));
            if (!lazy.Value.IsLost)
                return lazy.Value;
            _links.TryRemove(new(frontId, lazy));
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var link in _links.Values)
            await link.Value.DisposeAsync();
    }

    private FrontLink Open(string frontId, IFrontSink sink)
    {
        // Each link has a name of its own: a front must not take the heartbeat of the next for that of one which gave it up.
        var link = new FrontLink(frontId, sink, $"{SiloName}/{Interlocked.Increment(ref _opened)}", options.Value.Heartbeat, grains, time, logger, scheduler);
        link.Ended += ended =>
        {
            if (_links.TryGetValue(ended.FrontId, out var lazy) && lazy.IsValueCreated && lazy.Value == ended)
                _links.TryRemove(new(ended.FrontId, lazy));
        };
        return link;
    }
}
