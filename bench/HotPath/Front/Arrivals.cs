using Connections.Grains.Abstractions.Delivery;

namespace Connections.HotPath.Front;

/// <summary>The front's end of every way: takes the time of each message and nothing else.</summary>
/// <remarks>The runtime holds observers weakly; whoever measures keeps this one.</remarks>
internal sealed class Arrivals : IFrontSink, IReceiver
{
    /// <summary>Where messages are counted now.</summary>
    public Tally? Tally { get; set; }

    /// <inheritdoc/>
    public Task<BatchAck> Deliver(FrameBatch batch)
    {
        foreach (var run in batch.Runs)
        {
            foreach (var frame in run.Frames)
                Tally?.Arrived(frame.Payload.Span);
        }

        return Task.FromResult(BatchAck.Ok);
    }

    /// <inheritdoc/>
    public Task Receive(byte[] message)
    {
        Tally?.Arrived(message);
        return Task.CompletedTask;
    }
}
