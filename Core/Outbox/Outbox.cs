namespace Connections.Core;

/// <summary>
/// One user's messages that wait for the upstream, and the answers to those that do not wait any more. The user's grain offers what
/// tabs send, takes what the upstream can take, and tells the tabs how it ended.
/// </summary>
/// <remarks>
/// <para>Messages leave in the order in which they were accepted. One that is being handed over keeps its place until there is proof:
/// if the upstream dies first it is unknown or, at-least-once, simply waits again where it was. What counts as proof is
/// the caller's choice: at least that the kernel took it.</para>
/// <para>Ids are contiguous for each client and begin with 1. A repeated id gets the remembered answer, so that a tab that reconnects
/// may ask by sending again. A client of which nothing is remembered must begin with 1: accepting any other number could send a
/// message twice.</para>
/// <para>A final status never changes. A message that was handed over without proof and then waits too long is unknown and not
/// expired, because it may have arrived.</para>
/// <para>Everything is bounded: messages, bytes, time, answers, clients (see <see cref="OutboxOptions"/>). Not safe for use by several
/// threads: it belongs to one grain.</para>
/// </remarks>
public sealed class Outbox
{
    private readonly OutboxOptions _options;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly ClientLedgers _clients;
    private readonly List<Entry> _entries = [];
    private readonly HashSet<string>? _stale;
    private long _handovers;

    /// <summary>Makes an outbox, empty or as it was stored.</summary>
    /// <param name="options">Its bounds.</param>
    /// <param name="time">The clock.</param>
    /// <param name="restored">What <see cref="Save"/> said. Messages keep what is left of their time, by the wall clock. Those that were
    /// being handed over still are: subscribe to <see cref="Settled"/>, then call <see cref="UpstreamLost"/>. Hand-overs of the earlier
    /// instance mean nothing to this one.</param>
    /// <param name="mayBeStale">Whether messages may have been offered, and sent, after what is restored was stored. Then the restored clients are
    /// answered for what is known of them, and must begin anew: taking their next message could send it twice.</param>
    /// <exception cref="ArgumentException">A restored message belongs to no restored client.</exception>
    public Outbox(OutboxOptions options, TimeProvider time, OutboxContent? restored = null, bool mayBeStale = false)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        _options = options;
        _time = time;
        _start = time.GetTimestamp();
        _clients = new(options.MaxClients, options.MaxReceiptsPerClient);
        if (restored is not null) Restore(restored);
        if (restored is not null && mayBeStale) _stale = restored.Clients.Select(client => client.Id).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>The final receipt of a message whose earlier answer was <see cref="OutboxStatus.Queued"/>: exactly once for each, before
    /// the call that caused it returns. Handlers may call the outbox, and must not throw.</summary>
    public event Action<OutboxReceipt>? Settled;

    /// <summary>Messages that wait or are being handed over.</summary>
    public int Count => _entries.Count;

    /// <summary>Messages that are being handed over.</summary>
    public int UnderWay { get; private set; }

    /// <summary>Bytes of payload of all <see cref="Count"/> messages.</summary>
    public int Bytes { get; private set; }

    /// <summary>Clients that are remembered.</summary>
    public int Clients => _clients.Count;

    /// <summary>How long until the next waiting message expires, for the owner's timer; null if none waits.</summary>
    public TimeSpan? NextExpiry
    {
        get
        {
            if (UnderWay == _entries.Count) return null;
            var left = _entries.Where(entry => !entry.IsUnderWay).Min(entry => entry.Deadline) - Now();
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>Offers a message. If it is accepted it waits; take it at once if the upstream is open.</summary>
    /// <param name="message">The message.</param>
    /// <param name="refusal">A reason of the caller's own to reject it, <see cref="OutboxRejection.Rate"/> or
    /// <see cref="OutboxRejection.BreakerOpen"/>. It goes through here, so that the id is used up and the answer remembered.</param>
    /// <returns>The receipt, new or remembered, or the sequence that is expected.</returns>
    /// <exception cref="ArgumentException">The id has no client, or its sequence is less than 1.</exception>
    public OutboxAnswer Offer(OutboxMessage message, OutboxRejection refusal = OutboxRejection.None)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentException.ThrowIfNullOrEmpty(message.Id.Client);
        ArgumentOutOfRangeException.ThrowIfLessThan(message.Id.Sequence, 1);
        Expire();

        var (id, client) = (message.Id, _clients.Use(message.Id.Client));
        var expected = client?.Next ?? 1;
        if (client is not null && id.Sequence >= expected && _stale?.Contains(client.Id) is true) return new(OutboxAnswerKind.Skipped, null, 1);
        if (id.Sequence > expected) return new(OutboxAnswerKind.Skipped, null, expected);
        if (id.Sequence < expected) return new(OutboxAnswerKind.Repeated, new(id, Recall(client!, id)), null);

        var verdict = Judge(message, refusal);
        client ??= _clients.Begin(id.Client);
        client.Append(verdict);
        if (!verdict.IsFinal) Add(new(message, client, _time.GetUtcNow(), Now() + _options.TimeToLive));
        return new(OutboxAnswerKind.New, new(id, verdict), null);
    }

    /// <summary>The answer to a message that was offered earlier; nothing is sent, and nothing changes.</summary>
    /// <returns>Null when nothing is known of it: it was never offered here, or its client is forgotten.</returns>
    public OutboxReceipt? Recall(OutboxMessageId id) =>
        id.Client is not null && _clients.Find(id.Client) is { } client && id.Sequence >= 1 && id.Sequence < client.Next ? new(id, Recall(client, id)) : null;

    /// <summary>Takes the first waiting message to hand it over. Several may be under way at once.</summary>
    /// <param name="handover">What to hand over, and to name in <see cref="MarkSent"/> or <see cref="PutBack"/>.</param>
    /// <returns>False if nothing waits.</returns>
    public bool TryTake(out OutboxHandover handover)
    {
        Expire();
        handover = default;
        if (_entries.Find(entry => !entry.IsUnderWay) is not { } first) return false;
        first.Handover = ++_handovers;
        UnderWay++;
        handover = new(first.Handover, first.Message);
        return true;
    }

    /// <summary>There is proof that the message was sent.</summary>
    /// <param name="handover">What <see cref="TryTake"/> gave.</param>
    /// <returns>False if it comes too late, because the upstream was reported as lost since: nothing changes.</returns>
    public bool MarkSent(OutboxHandover handover)
    {
        if (FindUnderWay(handover) is not { } entry) return false;
        Settle([entry], _ => OutboxStatus.Sent);
        return true;
    }

    /// <summary>The message never reached the socket: it waits again where it was, as if it had not been taken.</summary>
    /// <param name="handover">What <see cref="TryTake"/> gave.</param>
    /// <returns>False if it comes too late, because the upstream was reported as lost since: nothing changes.</returns>
    public bool PutBack(OutboxHandover handover)
    {
        if (FindUnderWay(handover) is not { } entry) return false;
        StopHandover(entry);
        return true;
    }

    /// <summary>The upstream died. What was being handed over is unknown or, at-least-once, waits again where it was.</summary>
    public void UpstreamLost()
    {
        var lost = _entries.FindAll(entry => entry.IsUnderWay);
        foreach (var entry in lost)
        {
            StopHandover(entry);
            entry.MayHaveArrived = true;
        }

        Settle(lost.FindAll(entry => entry.Message.Delivery == OutboxDelivery.AtMostOnce), _ => OutboxStatus.Unknown);
    }

    /// <summary>Gives up what has waited too long. <see cref="Offer"/> and <see cref="TryTake"/> do so first; a timer for
    /// <see cref="NextExpiry"/> makes it happen in time.</summary>
    public void Expire()
    {
        if (UnderWay == _entries.Count) return;
        var now = Now();
        Settle(
            _entries.FindAll(entry => !entry.IsUnderWay && entry.Deadline <= now),
            entry => entry.MayHaveArrived ? OutboxStatus.Unknown : OutboxStatus.Expired);
    }

    /// <summary>The whole outbox as a value, to be stored.</summary>
    /// <returns>A copy; the payloads are shared.</returns>
    public OutboxContent Save() =>
        new(
            [.. _entries.Select(entry => new OutboxEntry(entry.Message, entry.AcceptedAt, entry.Progress))],
            [.. _clients.Save().Where(client => _stale?.Contains(client.Id) is not true || _entries.Exists(entry => entry.Message.Id.Client == client.Id))]);

    private OutboxVerdict Judge(OutboxMessage message, OutboxRejection refusal)
    {
        if (message.Payload.Length > _options.MaxMessageBytes) refusal = OutboxRejection.TooLarge;
        else if (refusal == OutboxRejection.None && !HasRoomFor(message)) refusal = OutboxRejection.QueueFull;
        return refusal == OutboxRejection.None ? new(OutboxStatus.Queued) : new(OutboxStatus.Rejected, refusal);
    }

    private bool HasRoomFor(OutboxMessage message) =>
        _entries.Count < _options.MaxMessages && message.Payload.Length <= _options.MaxBytes - Bytes;

    // A message may wait for longer than its client's answers reach back.
    private OutboxVerdict Recall(ClientLedger client, OutboxMessageId id) =>
        client.Find(id.Sequence)
        ?? new(_entries.Exists(entry => entry.Message.Id == id) ? OutboxStatus.Queued : OutboxStatus.Unknown);

    private void Add(Entry entry)
    {
        _entries.Add(entry);
        entry.Client.Pending++;
        Bytes += entry.Message.Payload.Length;
        if (entry.IsUnderWay) UnderWay++;
    }

    private Entry? FindUnderWay(OutboxHandover handover) =>
        _entries.Find(entry => entry.IsUnderWay && entry.Handover == handover.Number);

    private void StopHandover(Entry entry)
    {
        entry.Handover = 0;
        UnderWay--;
    }

    /// <summary>The one way out. All have left before the first handler hears of it.</summary>
    private void Settle(List<Entry> leaving, Func<Entry, OutboxStatus> statusOf)
    {
        if (leaving.Count == 0) return;
        var receipts = new List<OutboxReceipt>(leaving.Count);
        foreach (var entry in leaving)
        {
            var verdict = new OutboxVerdict(statusOf(entry));
            if (entry.IsUnderWay) StopHandover(entry);
            _entries.Remove(entry);
            Bytes -= entry.Message.Payload.Length;
            entry.Client.Pending--;
            entry.Client.Correct(entry.Message.Id.Sequence, verdict);
            receipts.Add(new(entry.Message.Id, verdict));
        }

        foreach (var receipt in receipts) Settled?.Invoke(receipt);
    }

    private void Restore(OutboxContent content)
    {
        foreach (var client in content.Clients) _clients.Restore(client);

        var now = _time.GetUtcNow();
        foreach (var (message, acceptedAt, progress) in content.Messages)
        {
            var client = _clients.Find(message.Id.Client)
                ?? throw new ArgumentException($"Message {message.Id} belongs to no client.", nameof(content));

            // Another machine's clock may be ahead: nothing waits longer than its whole time.
            var waited = now > acceptedAt ? now - acceptedAt : TimeSpan.Zero;
            Add(new(message, client, acceptedAt, _options.TimeToLive - waited)
            {
                MayHaveArrived = progress == OutboxProgress.WaitingAgain,
                Handover = progress == OutboxProgress.HandedOver ? ++_handovers : 0,
            });
        }
    }

    private TimeSpan Now() => _time.GetElapsedTime(_start);

    private sealed class Entry(OutboxMessage message, ClientLedger client, DateTimeOffset acceptedAt, TimeSpan deadline)
    {
        public OutboxMessage Message => message;

        public ClientLedger Client => client;

        public DateTimeOffset AcceptedAt => acceptedAt;

        public TimeSpan Deadline => deadline;

        /// <summary>The hand-over that is under way; 0 if none is.</summary>
        public long Handover { get; set; }

        /// <summary>An earlier hand-over ended without proof.</summary>
        public bool MayHaveArrived { get; set; }

        public bool IsUnderWay => Handover != 0;

        public OutboxProgress Progress =>
            IsUnderWay ? OutboxProgress.HandedOver
            : MayHaveArrived ? OutboxProgress.WaitingAgain
            : OutboxProgress.Waiting;
    }
}
