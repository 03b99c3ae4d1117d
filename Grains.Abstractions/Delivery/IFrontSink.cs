namespace Connections.Grains.Abstractions.Delivery;

/// <summary>A front, as its silos see it. Called by each silo's link to that front, one call at a time.</summary>
[Alias("connections.front")]
public interface IFrontSink : IGrainObserver
{
    /// <summary>
    /// Takes a batch. A batch whose answer got lost comes again with the same frames: what is already here is dropped. An empty batch
    /// is the heartbeat.
    /// </summary>
    [Alias("Deliver"), ResponseTimeout("00:00:03")]
    Task<BatchAck> Deliver(FrameBatch batch);
}
