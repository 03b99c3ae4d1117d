using Connections.Grains.Abstractions.Delivery;
using Connections.WebFront.Sessions;

namespace Connections.WebFront.Silos;

/// <summary>Where the silos' links deliver: hands each run to its user's session.</summary>
/// <remarks>The runtime holds observers weakly; this singleton is what keeps it alive.</remarks>
internal sealed class FrontSink(IClusterClient cluster, SiloWatch watch, IServiceProvider services) : IFrontSink
{
    private readonly Lazy<SessionRegistry> _sessions = new(services.GetRequiredService<SessionRegistry>);
    private IFrontSink? _reference;

    /// <summary>What silos call.</summary>
    public IFrontSink Reference => LazyInitializer.EnsureInitialized(ref _reference, () => cluster.CreateObjectReference<IFrontSink>(this));

    /// <inheritdoc/>
    public Task<BatchAck> Deliver(FrameBatch batch)
    {
        watch.Seen(batch.Silo);
        List<long>? unknown = null;
        foreach (var run in batch.Runs)
        {
            if (_sessions.Value.Find(run.UserId)?.Deliver(run) != true)
                (unknown ??= []).Add(run.AttachId);
        }

        return Task.FromResult(unknown is null ? BatchAck.Ok : new BatchAck { UnknownAttachIds = [.. unknown] });
    }
}
