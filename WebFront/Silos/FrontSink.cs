using Connections.Grains.Abstractions.Delivery;
using Connections.WebFront.Sessions;

namespace Connections.WebFront.Silos;

/// <summary>Where the silos' links deliver: hands each run to its user's session.</summary>
/// <remarks>The runtime holds observers weakly; this singleton is what keeps it alive.</remarks>
internal sealed class FrontSink(IClusterClient cluster, SiloWatch watch, IServiceProvider services) : IFrontSink
{
    // Few tabs cost less to write to than threads to wake for them. With many, all cores are to write; the silo waits for the answer meanwhile.
    private const int MostTabsWrittenHere = 64;

    private readonly Lazy<SessionRegistry> _sessions = new(services.GetRequiredService<SessionRegistry>);
    private IFrontSink? _reference;

    /// <summary>What silos call.</summary>
    public IFrontSink Reference => LazyInitializer.EnsureInitialized(ref _reference, () => cluster.CreateObjectReference<IFrontSink>(this));

    /// <inheritdoc/>
    public Task<BatchAck> Deliver(FrameBatch batch) => Task.FromResult(Take(batch));

    /// <summary>Takes a batch, whichever way it came.</summary>
    public BatchAck Take(FrameBatch batch)
    {
        watch.Seen(batch.Silo);
        List<long>? unknown = null;
        var tabs = 0;
        foreach (var run in batch.Runs)
        {
            var session = _sessions.Value.Find(run.UserId);
            tabs += session?.Tabs.Count ?? 0;
            if (session?.Deliver(run, batch.Sequence, here: tabs <= MostTabsWrittenHere) != true)
                (unknown ??= []).Add(run.AttachId);
        }

        return unknown is null ? BatchAck.Ok : new BatchAck { UnknownAttachIds = [.. unknown] };
    }
}
