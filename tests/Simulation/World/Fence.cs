using Connections.Core;
using Connections.Grains.Abstractions.Delivery;

namespace Connections.Simulation.Tests.World;

/// <summary>For <see cref="Sabotage.StaleOwnerNotFenced"/>: makes what a replaced owner pushes look like what the new one would.</summary>
internal sealed class Fence(World world)
{
    private readonly Dictionary<string, (AttachRequest Request, AttachReply? Reply)> _newest = [];
    private readonly Dictionary<(string Front, long Attach), long> _tops = [];

    public void Asked(AttachRequest request)
    {
        if (world.Sabotage is Sabotage.StaleOwnerNotFenced)
            _newest[request.FrontId] = (request, null);
    }

    public void Answered(AttachRequest request, AttachReply reply)
    {
        if (world.Sabotage is Sabotage.StaleOwnerNotFenced && _newest[request.FrontId].Request == request)
        {
            _newest[request.FrontId] = (request, reply);
            _tops[(request.FrontId, request.AttachId)] = reply.Read.Top;
        }
    }

    /// <summary>A run of the only user of such a world, as it reaches the front.</summary>
    public FeedRun Lift(string front, FeedRun run)
    {
        if (world.Sabotage is not Sabotage.StaleOwnerNotFenced || !_newest.TryGetValue(front, out var newest) || newest.Reply is not { } reply || run.AttachId == newest.Request.AttachId)
            return run;
        var next = _tops[(front, newest.Request.AttachId)];
        var frames = Array.ConvertAll(run.Frames, f => new Frame(++next, f.Kind, f.Payload, f.At));
        return new FeedRun { UserId = run.UserId, AttachId = newest.Request.AttachId, Generation = reply.Generation, Epoch = reply.Read.Epoch, Frames = frames, State = run.State };
    }
}
