using System.Net.WebSockets;
using Connections.Core;
using Connections.Grains.Abstractions.Sending;
using Connections.Grains.Telemetry;
using Connections.Grains.Upstream;

namespace Connections.Grains.Sending;

/// <summary>
/// A user's messages on their way to the upstream: through the outbox, in order, with one honest answer each and a late notice where the
/// answer was "queued". Lives on its activation's scheduler.
/// </summary>
internal sealed class Outgoing : IDisposable
{
    // A message that an open upstream has not taken by then is answered with "queued", and settled by a late notice.
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan StorePause = TimeSpan.FromSeconds(1);
    private const int HandoversPerStore = 64;

    private readonly Outbox _outbox;
    private readonly SendingOptions _options;
    private readonly RateLimit _limit;
    private readonly TimeProvider _time;
    private readonly Func<OutboxContent, Task> _store;
    private readonly Action<Receipt> _settledLate;
    private readonly WriteTraces _traces = new();
    private readonly TaskScheduler _scheduler = TaskScheduler.Current;

    // Made with the first message: most users only listen.
    private Dictionary<OutboxMessageId, Asked>? _asked;
    private ITimer? _expiry;
    private UpstreamSocket? _socket;
    private bool _flushing;
    private bool _stored;
    private bool _ended;
    private int _depth;

    /// <summary>Makes it, with what the last owner left behind.</summary>
    /// <param name="options">The outbox's bounds, and whether it is durable.</param>
    /// <param name="limit">How fast the user may send.</param>
    /// <param name="restored">What was stored.</param>
    /// <param name="restoredMayBeStale">Whether its owner may have taken more messages after that.</param>
    /// <param name="time">The clock.</param>
    /// <param name="store">Stores the outbox; completes when it is safe.</param>
    /// <param name="settledLate">Hears the final receipts of messages that were answered with "queued".</param>
    public Outgoing(
        SendingOptions options,
        RateLimit limit,
        OutboxContent? restored,
        bool restoredMayBeStale,
        TimeProvider time,
        Func<OutboxContent, Task> store,
        Action<Receipt> settledLate)
    {
        _options = options;
        _limit = limit;
        _time = time;
        _store = store;
        _settledLate = settledLate;
        _stored = restored is { Messages.Count: > 0 };
        _outbox = new Outbox(options, time, restored, restoredMayBeStale);
        _outbox.Settled += OnSettled;
        _outbox.UpstreamLost();
        Arm();
    }

    /// <summary>What is to be stored when the owner leaves: messages that wait, and the answers given; null when there is nothing.</summary>
    public OutboxContent? Content => _outbox.Clients > 0 ? _outbox.Save() : null;

    /// <summary>How many messages wait.</summary>
    public int Waiting => _outbox.Count;

    /// <summary>The bytes of those that wait.</summary>
    public int WaitingBytes => _outbox.Bytes;

    /// <summary>Takes messages and says what became of them.</summary>
    /// <param name="messages">In order.</param>
    /// <param name="breakerHolds">How long the breaker holds the next dial back; zero when it does not.</param>
    public async Task<Receipt[]> SendAsync(OutgoingMessage[] messages, TimeSpan breakerHolds)
    {
        // While a probe proves itself the breaker holds other dials back, but the upstream is open.
        var refusal = breakerHolds > _options.TimeToLive && _socket is not { IsOpen: true } ? OutboxRejection.BreakerOpen : OutboxRejection.None;
        long? retryAfter = refusal is OutboxRejection.None ? null : (long)breakerHolds.TotalMilliseconds;
        var answers = Array.ConvertAll(messages, m => Offer(m, refusal));
        Arm();
        if (_options.Durable && _socket is not { IsOpen: true } && answers.Any(a => a.Receipt is { Verdict.Status: OutboxStatus.Queued }))
            await StoreAsync();
        var settled = WaitForAsync(answers);
        _ = FlushAsync();
        await settled;
        return Array.ConvertAll(answers, a => a.ToReceipt(retryAfter));
    }

    /// <summary>What became of a message, as far as this owner knows.</summary>
    public Receipt Recall(string id) =>
        OutboxMessageId.TryParse(id, out var parsed) && _outbox.Recall(parsed) is { } receipt
            ? Receipts.From(receipt)
            : new Receipt(id, ReceiptStatus.Unknown, ReceiptReason.OwnerLost);

    /// <summary>The upstream is open: what waits goes out.</summary>
    public void Opened(UpstreamSocket socket)
    {
        _socket = socket;
        _ = FlushAsync();
    }

    /// <summary>The upstream is gone: what was on its way is unknown, or waits again.</summary>
    public void Closed()
    {
        _socket = null;
        _outbox.UpstreamLost();
        Arm();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        OutboxMetrics.DepthIs(ref _depth, 0);
        _ended = true;
        _expiry?.Dispose();
    }

    private Answer Offer(OutgoingMessage message, OutboxRejection refusal)
    {
        if (!OutboxMessageId.TryParse(message.Id, out var id))
            return new Answer(message.Id, null, null, ReceiptReason.BadId);
        _traces.Begin(id, message.TraceParent);
        var offered = _outbox.Offer(
            new OutboxMessage(id, message.Payload, message.IsText, message.AtLeastOnce ? OutboxDelivery.AtLeastOnce : OutboxDelivery.AtMostOnce),
            message.TooLarge ? OutboxRejection.TooLarge
            : message.TooFast || !_limit.TryTake(message.Payload.Length) ? OutboxRejection.Rate
            : refusal);
        if (offered.Receipt is { Verdict: { Status: OutboxStatus.Rejected } verdict })
            OutboxMetrics.Ended(verdict);
        return new Answer(message.Id, offered.Receipt, offered.Expected, ReceiptReason.None) { IsRepeated = offered.Kind is OutboxAnswerKind.Repeated };
    }

    // While the upstream is open a message is settled within a moment: its caller gets the final answer.
    private async Task WaitForAsync(Answer[] answers)
    {
        if (_socket is not { IsOpen: true })
        {
            // Told "queued" while somebody else waits for the same message: a notice is owed all the same.
            foreach (var answer in answers)
            {
                if (answer.Receipt is { Verdict.Status: OutboxStatus.Queued } queued && _asked?.TryGetValue(queued.Id, out var others) is true)
                    others.WasQueued = true;
            }

            return;
        }

        var waiting = new List<(Answer Answer, Asked Asked)>();
        foreach (var answer in answers)
        {
            if (answer.Receipt is not { Verdict.Status: OutboxStatus.Queued } receipt)
                continue;
            _asked ??= [];
            if (!_asked.TryGetValue(receipt.Id, out var asked))
                _asked[receipt.Id] = asked = new Asked { WasQueued = answer.IsRepeated };
            asked.Callers++;
            waiting.Add((answer, asked));
        }

        if (waiting.Count == 0)
            return;
        await Task.WhenAny(Task.WhenAll(waiting.Select(w => w.Asked.Settled.Task)), Task.Delay(AnswerPatience, _time));
        foreach (var (answer, asked) in waiting)
        {
            var id = answer.Receipt!.Value.Id;
            if (asked.Settled.Task.IsCompletedSuccessfully)
                answer.Receipt = new OutboxReceipt(id, asked.Settled.Task.Result);
            else
                asked.WasQueued = true;
            if (--asked.Callers == 0)
                _asked!.Remove(id);
        }
    }

    private async Task FlushAsync()
    {
        if (_flushing)
            return;
        _flushing = true;
        try
        {
            while (_socket is { IsOpen: true } socket)
            {
                // What is stored must say that it is on its way before it is: several share one write. Else one at a time, so that no more
                // than one can be unknown.
                var handovers = Take(_stored ? HandoversPerStore : 1);
                if (handovers.Count == 0)
                    break;
                if (_stored && !await TryStoreAsync())
                {
                    handovers.ForEach(h => _outbox.PutBack(h));
                    await Task.Delay(StorePause, _time);
                    continue;
                }

                foreach (var handover in handovers)
                    await HandOverAsync(socket, handover);
            }

            if (_stored && _outbox.Count == 0)
                await TryStoreAsync();
        }
        catch (Exception e) when (e is WebSocketException or ObjectDisposedException or OperationCanceledException or IOException)
        {
            // The socket died under a message. Closed() follows and settles what was under way.
        }
        finally
        {
            _flushing = false;
            OutboxMetrics.DepthIs(ref _depth, _outbox.Count);
        }

        // The next socket may have opened before the old one's death was known here.
        if (_socket is { IsOpen: true } && _outbox.Count > _outbox.UnderWay)
            _ = FlushAsync();
    }

    private async Task HandOverAsync(UpstreamSocket socket, OutboxHandover handover)
    {
        using var trace = _traces.Write(handover.Message.Id);
        if (socket.IsOpen && await socket.SendAsync(handover.Message.Payload, handover.Message.IsText))
            _outbox.MarkSent(handover);
        else
            _outbox.PutBack(handover);
    }

    private List<OutboxHandover> Take(int most)
    {
        var handovers = new List<OutboxHandover>(most);
        while (handovers.Count < most && _outbox.TryTake(out var next))
            handovers.Add(next);
        return handovers;
    }

    private async Task<bool> TryStoreAsync()
    {
        try
        {
            await StoreAsync();
            return true;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The record logs it.
            return false;
        }
    }

    private async Task StoreAsync()
    {
        // A write whose answer is lost may be there: until one is known to have left nothing behind, what goes out is stored as under way before.
        var content = _outbox.Save();
        _stored |= content.Messages.Count > 0;
        await _store(content);
        _stored = content.Messages.Count > 0;
    }

    private void OnSettled(OutboxReceipt receipt)
    {
        OutboxMetrics.Ended(receipt.Verdict);
        _traces.End(receipt.Id);
        var asked = _asked?.GetValueOrDefault(receipt.Id);
        if (asked is not { WasQueued: false })
            _settledLate(Receipts.From(receipt));
        asked?.Settled.TrySetResult(receipt.Verdict);
    }

    private void Expire()
    {
        _outbox.Expire();
        Arm();
    }

    private void Arm()
    {
        OutboxMetrics.DepthIs(ref _depth, _outbox.Count);
        if (_outbox.NextExpiry is not { } next)
        {
            _expiry?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return;
        }

        if (_ended)
            return;

        // The timer must not leave the activation: it only posts back to the activation's scheduler. Nothing of the send that it is made in flows on.
        if (_expiry is null)
        {
            using (ExecutionContext.SuppressFlow())
                _expiry = _time.CreateTimer(static self => ((Outgoing)self!).PostExpiry(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        _expiry.Change(next + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
    }

    private void PostExpiry() => Task.Factory.StartNew(Expire, CancellationToken.None, TaskCreationOptions.None, _scheduler);

    private sealed class Answer(string id, OutboxReceipt? receipt, long? expected, ReceiptReason refused)
    {
        public OutboxReceipt? Receipt { get; set; } = receipt;

        public bool IsRepeated { get; init; }

        public Receipt ToReceipt(long? retryAfterMs) =>
            refused is not ReceiptReason.None ? new Receipt(id, ReceiptStatus.Rejected, refused)
            : expected is not null ? new Receipt(id, ReceiptStatus.Rejected, ReceiptReason.Expected, Expected: expected)
            : Receipts.From(Receipt!.Value, retryAfterMs);
    }

    // A message that callers wait for: one, or more when a tab that is not sure asks again.
    private sealed class Asked
    {
        public TaskCompletionSource<OutboxVerdict> Settled { get; } = new();

        public int Callers { get; set; }

        /// <summary>Whether somebody was told "queued", and so is owed a late notice.</summary>
        public bool WasQueued { get; set; }
    }
}
