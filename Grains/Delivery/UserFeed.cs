using Connections.Core;
using Connections.Grains.Abstractions.Delivery;
using Connections.Grains.Abstractions.Sending;
using Connections.Grains.Abstractions.State;

namespace Connections.Grains.Delivery;

/// <summary>
/// What the fronts get of one user: the log and the newest state. Written by the user's grain, read by the links of this silo.
/// Thread-safe: the one lock is held for copying only.
/// </summary>
/// <param name="userId">Whose.</param>
/// <param name="log">The frames.</param>
/// <param name="openedAt">When the user came to this silo, in ticks of the clock.</param>
internal sealed class UserFeed(string userId, ReplayLog log, long openedAt = 0)
{
    private readonly Lock _gate = new();
    private readonly LateReceipts _receipts = new();
    private FeedSubscription[] _subscriptions = [];
    private ConnectionState? _state;
    private int _stateVersion;

    /// <summary>Whose.</summary>
    public string UserId => userId;

    /// <summary>When the user came to this silo, in ticks of the clock.</summary>
    public long OpenedAt => openedAt;

    /// <summary>The owner's generation, stamped on everything that leaves.</summary>
    public long Generation { get; set; }

    /// <summary>The log's epoch.</summary>
    public ulong Epoch => log.Epoch;

    /// <summary>The newest offset.</summary>
    public long Top
    {
        get
        {
            lock (_gate)
                return log.Top;
        }
    }

    /// <summary>The attachments now.</summary>
    public IReadOnlyList<FeedSubscription> Subscriptions => _subscriptions;

    /// <summary>How many tabs all fronts hold.</summary>
    public int Tabs => _subscriptions.Sum(s => s.Tabs);

    /// <summary>Keeps a copy of a message and wakes the links.</summary>
    public void Append(FrameKind kind, ReadOnlySpan<byte> payload, long at)
    {
        lock (_gate)
            log.Append(kind, payload, at);
        Wake();
    }

    /// <summary>Tells every front how the connection stands now.</summary>
    public void Publish(ConnectionState state)
    {
        lock (_gate)
        {
            _state = state;
            _stateVersion++;
        }

        Wake();
    }

    /// <summary>Tells every front the final receipt of a message that was answered with "queued": the tab that sent it may be on any.</summary>
    public void Publish(Receipt receipt)
    {
        lock (_gate)
            _receipts.Add(receipt);
        Wake();
    }

    /// <summary>Adds an attachment, or replaces the front's earlier one; what the reply holds is never pushed, and what it lacks always is.</summary>
    /// <returns>Null when a newer attachment of the same front is here already.</returns>
    public ReadReply? Subscribe(FeedSubscription subscription, FramePosition? position)
    {
        lock (_gate)
        {
            if (_subscriptions.Any(s => s.FrontId == subscription.FrontId && s.AttachId > subscription.AttachId))
                return null;
            subscription.Start(log.Top, _stateVersion, _receipts.Last);
            Replace([.. _subscriptions.Where(s => s.FrontId != subscription.FrontId), subscription]);
            return ReadLocked(position);
        }
    }

    /// <summary>Removes an attachment.</summary>
    /// <returns>Whether it was there.</returns>
    public bool Unsubscribe(string frontId, long attachId)
    {
        lock (_gate)
        {
            var before = _subscriptions.Length;
            Replace([.. _subscriptions.Where(s => s.FrontId != frontId || s.AttachId != attachId)]);
            return _subscriptions.Length < before;
        }
    }

    /// <summary>The frames after a position, or why not.</summary>
    public ReadReply Read(FramePosition position)
    {
        lock (_gate)
            return ReadLocked(position);
    }

    /// <summary>What an attachment lacks, up to the limits; null when it lacks nothing or is no longer here.</summary>
    public FeedRun? TakeRun(FeedSubscription subscription, int maxFrames, int maxBytes, out RunMark mark)
    {
        lock (_gate)
        {
            mark = default;
            if (Array.IndexOf(_subscriptions, subscription) < 0)
                return null;

            // A link that fell off the log goes on with the oldest frame: the front sees the hole and asks for it.
            var after = Math.Max(subscription.Cursor, log.First - 1);
            var frames = log.Read(after, maxFrames, maxBytes);
            var state = subscription.StateVersion == _stateVersion ? null : _state;
            var release = subscription.ReleaseWanted && after + frames.Length == log.Top;
            var receipts = _receipts.After(subscription.ReceiptCursor);
            if (frames.Length == 0 && state is null && receipts is null && !release)
                return null;
            mark = new RunMark(after + frames.Length, _stateVersion, _receipts.Last, release, after + frames.Length < log.Top);
            return new FeedRun
            {
                UserId = userId,
                AttachId = subscription.AttachId,
                Generation = Generation,
                Epoch = log.Epoch,
                Frames = frames,
                State = state,
                Receipts = receipts,
                Released = release,
            };
        }
    }

    /// <summary>What moves to another silo with the user.</summary>
    public CarriedLog Carry()
    {
        lock (_gate)
            return new CarriedLog { Epoch = log.Epoch, Frames = log.Newest(CarriedLog.MaxBytes) };
    }

    /// <summary>Evicts what is older than the window.</summary>
    public void Trim(long now)
    {
        lock (_gate)
            log.Trim(now);
    }

    /// <summary>Tells every front to attach anew, elsewhere, after the frames it still lacks.</summary>
    /// <returns>Completes when every front has answered.</returns>
    public async Task ReleaseAsync()
    {
        var subscriptions = _subscriptions;
        var released = subscriptions.Select(s => s.WantRelease()).ToArray();
        Wake();
        foreach (var one in released)
            await one;
    }

    /// <summary>Ends the feed: no attachment, no frames.</summary>
    public void Close()
    {
        lock (_gate)
        {
            foreach (var subscription in _subscriptions)
                subscription.Farewell(Generation, log.Epoch);
            Replace([]);
            log.Clear();
        }
    }

    private void Replace(FeedSubscription[] subscriptions)
    {
        foreach (var gone in _subscriptions.Except(subscriptions))
            gone.End();
        foreach (var added in subscriptions.Except(_subscriptions))
            added.Begin();
        _subscriptions = subscriptions;
    }

    private ReadReply ReadLocked(FramePosition? position)
    {
        var refusal = position is { } p ? log.Check(p) : Refusal.None;
        return new ReadReply
        {
            Epoch = log.Epoch,
            First = log.First,
            Top = log.Top,
            Refusal = refusal,
            Frames = position is null ? []
                : log.Read(refusal is Refusal.None ? position.Value.Offset : log.First - 1),
        };
    }

    private void Wake()
    {
        foreach (var subscription in _subscriptions)
            subscription.Wake();
    }
}
