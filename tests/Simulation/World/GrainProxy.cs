using Connections.Core;
using Connections.Grains.Abstractions;
using Connections.Grains.Abstractions.Delivery;
using Connections.Grains.Abstractions.Sending;
using Connections.Grains.Abstractions.State;

namespace Connections.Simulation.Tests.World;

/// <summary>A user's grain as a process of the world calls it, with the patience that the interface declares.</summary>
internal sealed class GrainProxy(World world, Node from, string user) : IUserConnectionGrain
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SendPatience = TimeSpan.FromSeconds(10);

    public async Task<AttachReply> Attach(AttachRequest request)
    {
        world.Fence.Asked(request);
        var reply = await CallAsync(c => c.AttachAsync(request));
        world.Fence.Answered(request, reply);
        return Spoilt(reply);
    }

    public Task Detach(string frontId, long attachId) => CallAsync(c =>
    {
        c.Detach(frontId, attachId);
        return Task.FromResult(true);
    });

    public Task Expire(string frontId, long attachId) => CallAsync(c =>
    {
        c.Expire(frontId, attachId);
        return Task.FromResult(true);
    });

    public Task<int> SetTabs(string frontId, long attachId, int tabs) => CallAsync(c => Task.FromResult(c.SetTabs(frontId, attachId, tabs)));

    public Task OfferToken(RelayToken token) => throw new NotSupportedException();

    public async Task<ReadReply> Read(FramePosition position)
    {
        var reply = Spoilt(await CallAsync(c => Task.FromResult(c.Read(position))), position);
        return reply;
    }

    public async Task<Receipt[]> Send(OutgoingMessage[] messages)
    {
        if (world.Sabotage is Sabotage.AgainThoughAtMostOnce)
            messages = Array.ConvertAll(messages, m => m with { AtLeastOnce = true });
        var receipts = await CallAsync(c => c.SendAsync(messages), SendPatience);
        return Array.ConvertAll(receipts, r => world.Sabotage switch
        {
            Sabotage.FalseSent when r.Status is ReceiptStatus.Queued => r with { Status = ReceiptStatus.Sent },
            Sabotage.FalseRejected when r.Status is ReceiptStatus.Sent && world.Strikes(user, 0.2) => r with { Status = ReceiptStatus.Rejected, Reason = ReceiptReason.QueueFull },
            Sabotage.NoLateReceipts when r.Status is ReceiptStatus.Expired or ReceiptStatus.Unknown => r with { Status = ReceiptStatus.Queued },
            _ => r,
        });
    }

    public async Task<Receipt[]> Recall(string[] ids)
    {
        var receipts = await CallAsync(c => Task.FromResult(c.Recall(ids)));
        return world.Sabotage is not Sabotage.NoLateReceipts ? receipts : Array.ConvertAll(receipts, r => r with { Status = ReceiptStatus.Queued });
    }

    public Task<ConnectionState> GetState() => CallAsync(c => Task.FromResult(c.State));

    private Task<T> CallAsync<T>(Func<Grains.UserConnection, Task<T>> serve, TimeSpan? patience = null) =>
        world.Cluster.CallAsync(from, user, patience ?? Patience, serve);

    private AttachReply Spoilt(AttachReply reply) =>
        world.Sabotage is not Sabotage.FalseRecovery ? reply
            : new AttachReply { Silo = reply.Silo, Generation = reply.Generation, Read = Spoilt(reply.Read, null), State = reply.State, Tabs = reply.Tabs };

    private ReadReply Spoilt(ReadReply reply, FramePosition? position) => world.Sabotage switch
    {
        Sabotage.FalseRecovery when reply.Refusal is Refusal.Evicted =>
            new ReadReply { Epoch = reply.Epoch, First = reply.First, Top = reply.Top, Refusal = Refusal.None, Frames = reply.Frames },
        Sabotage.HoleNotFilled when position is { } p && reply.Refusal is Refusal.None && reply.Frames.Length > 0 =>
            new ReadReply { Epoch = reply.Epoch, First = reply.First, Top = p.Offset, Refusal = Refusal.None, Frames = [] },
        _ => reply,
    };
}
