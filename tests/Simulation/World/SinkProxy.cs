using Connections.Grains.Abstractions.Delivery;

namespace Connections.Simulation.Tests.World;

/// <summary>A front as silos call it, with the patience that the interface declares.</summary>
internal sealed class SinkProxy(World world, Node front, string frontId, IFrontSink sink) : IFrontSink
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly Lane _lane = front.NewLane(inOrder: false);

    public Task<BatchAck> Deliver(FrameBatch batch)
    {
        var silo = Lane.CurrentNode;
        var spoilt = new FrameBatch { Silo = batch.Silo, Sequence = batch.Sequence, Runs = Array.ConvertAll(batch.Runs, Spoilt) };
        return world.Network.CallAsync<BatchAck>(silo, world.Dice, Patience, call =>
        {
            if (front.Dead || world.Network.Weather.Cut.Contains((silo, front)))
                return null;
            front.Post(() => call.By(_lane, () => sink.Deliver(spoilt)));
            return front;
        });
    }

    private FeedRun Spoilt(FeedRun run)
    {
        run = world.Fence.Lift(frontId, run);
        var (frames, receipts) = (run.Frames, run.Receipts);
        if (world.Sabotage is Sabotage.NoLateReceipts)
            receipts = null;
        else if (world.Sabotage is Sabotage.HoleNotFilled && frames.Length > 0 && world.Strikes(run.UserId, 0.05))
            frames = frames[1..];
        else
            return run;
        return new FeedRun
        {
            UserId = run.UserId,
            AttachId = run.AttachId,
            Generation = run.Generation,
            Epoch = run.Epoch,
            Frames = frames,
            State = run.State,
            Receipts = receipts,
            Released = run.Released,
        };
    }
}
