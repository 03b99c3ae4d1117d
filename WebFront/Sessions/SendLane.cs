using Connections.Grains.Abstractions;
using Connections.Grains.Abstractions.Sending;

namespace Connections.WebFront.Sessions;

/// <summary>
/// One user's messages from this front to the upstream, in order: what waits goes as one call, and one call is in flight at a time,
/// because Orleans reorders otherwise.
/// </summary>
internal sealed class SendLane(IUserConnectionGrain grain, int maxPending)
{
    private const int MaxBatch = 64;

    private readonly Queue<(OutgoingMessage Message, TaskCompletionSource<Receipt> Receipt)> _waiting = [];
    private bool _running;

    /// <summary>Hands a message over; answers when its fate is known.</summary>
    public Task<Receipt> SendAsync(OutgoingMessage message)
    {
        TaskCompletionSource<Receipt> receipt;
        lock (_waiting)
        {
            if (_waiting.Count >= maxPending)
                return Task.FromResult(new Receipt(message.Id, ReceiptStatus.Rejected, ReceiptReason.QueueFull));
            receipt = new TaskCompletionSource<Receipt>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue((message, receipt));
            if (_running)
                return receipt.Task;
            _running = true;
        }

        _ = RunAsync();
        return receipt.Task;
    }

    private async Task RunAsync()
    {
        while (true)
        {
            var batch = new List<(OutgoingMessage Message, TaskCompletionSource<Receipt> Receipt)>();
            lock (_waiting)
            {
                while (batch.Count < MaxBatch && _waiting.TryDequeue(out var next))
                    batch.Add(next);
                if (batch.Count == 0)
                {
                    _running = false;
                    return;
                }
            }

            var receipts = await HandOverAsync(batch.ConvertAll(b => b.Message));
            for (var i = 0; i < batch.Count; i++)
                batch[i].Receipt.SetResult(receipts[i]);
        }
    }

    private async Task<IReadOnlyList<Receipt>> HandOverAsync(List<OutgoingMessage> messages)
    {
        try
        {
            return await grain.Send([.. messages]);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The owner may have handed some of them over before it was lost.
            return messages.ConvertAll(m => new Receipt(m.Id, ReceiptStatus.Unknown, ReceiptReason.OwnerLost));
        }
    }
}
