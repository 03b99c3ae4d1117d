using Connections.Core;
using Connections.Grains.Abstractions;
using Connections.Grains.Abstractions.Delivery;
using Connections.Grains.Abstractions.Sending;
using Connections.Grains.Abstractions.State;
using Connections.Grains.Abstractions.Streams;
using Connections.Grains.Delivery;
using Connections.Grains.Ownership;
using Connections.Grains.Sending;
using Connections.Grains.Telemetry;
using Connections.Grains.Upstream;
using Microsoft.Extensions.Logging;

namespace Connections.Grains;

/// <summary>
/// One user's connection, as its grain holds it: joins the ownership record, the upstream and the feed, and decides how long they live. Knows
/// nothing of Orleans' runtime, so that a simulation runs the same code. One turn at a time, and every change of state happens between two
/// awaits: a message that waits for the socket does not hold an attach up.
/// </summary>
internal sealed partial class UserConnection
{
    private readonly ConnectionServices _services;
    private readonly IActivation _activation;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly string _userId;
    private readonly TokenRelay _tokens = new();
    private readonly OwnershipRecord _ownership;
    private readonly CircuitBreaker _breaker;
    private readonly UserFeed _feed;
    private readonly UpstreamKeeper _upstream;
    private readonly Outgoing _outgoing;

    /// <summary>Makes the connection of an activation whose stored state has been read. Nobody is attached, and nothing is dialled yet.</summary>
    /// <param name="user">Whose.</param>
    /// <param name="activation">Where it lives.</param>
    /// <param name="storage">The stored state.</param>
    /// <param name="carried">The newest part of the log, when the user moved here from another silo.</param>
    /// <param name="services">The silo's.</param>
    public UserConnection(UserId user, IActivation activation, IPersistentState<StoredConnection> storage, CarriedLog? carried, ConnectionServices services)
    {
        _services = services;
        _activation = activation;
        _time = services.Time;
        _logger = services.Logger;
        _userId = user.Value;
        _ownership = new OwnershipRecord(storage, activation.Name, services.SendingOptions.Durable, _time, _logger);
        _ownership.Lost += OnOwnershipLost;
        _breaker = new CircuitBreaker(services.UpstreamOptions.Breaker, _time, services.Random, _ownership.StoredBreaker);
        _breaker.Transitioned += OnBreakerTransitioned;
        _feed = services.Feeds.Open(_userId, _ownership.CleanEnd ?? new FramePosition(services.NewEpoch(), 0), carried);
        _outgoing = new Outgoing(
            services.SendingOptions, new RateLimit(services.Options.SendLimit, _time), _ownership.StoredOutbox, !_ownership.LeftInOrder, _time, _ownership.KeepOutboxAsync, _feed.Publish);
        _upstream = new UpstreamKeeper(user, services.Dialer, services.Gate, services.UpstreamOptions, _breaker, _tokens, services.Random, _time, _logger);
        _upstream.FrameReceived += OnFrame;
        _upstream.Changed += PublishState;
        _upstream.Opened += _outgoing.Opened;
        _upstream.Closed += _outgoing.Closed;
        StartLinger(services.Options.Linger);
        UserMetrics.Activated();
        BreakerMetrics.Added(BreakerMetrics.User, _breaker.State);
        UpstreamMetrics.Added(_upstream.Status);
    }

    /// <summary>As <see cref="IUserConnectionGrain.Attach"/>.</summary>
    public async Task<AttachReply> AttachAsync(AttachRequest request)
    {
        await OwnAsync();
        var subscription = new FeedSubscription(_feed, _services.Links.To(request.FrontId, request.Sink), request.AttachId) { Tabs = request.Tabs };
        var read = _feed.Subscribe(subscription, request.Position)
            ?? throw new InvalidOperationException($"Front {request.FrontId} has attached anew since.");
        StopLinger();
        Take(request.Token);
        _upstream.Want(_ownership.Generation);
        _services.Events.Publish(ConnectionEventKind.FrontAttached, _userId, request.FrontId);
        PublishState();
        return new AttachReply
        {
            Silo = subscription.LinkName,
            Generation = _ownership.Generation,
            Read = read,
            State = CurrentState(),
            Tabs = TabsFor(request.FrontId),
            Direct = _services.Links.Direct,
        };
    }

    /// <summary>As <see cref="IUserConnectionGrain.Detach"/>.</summary>
    public void Detach(string frontId, long attachId) => Detach(frontId, attachId, _services.Options.Linger);

    /// <summary>As <see cref="IUserConnectionGrain.Expire"/>.</summary>
    public void Expire(string frontId, long attachId) =>
        Detach(frontId, attachId, _services.Options.Linger < ExpiryLinger ? _services.Options.Linger : ExpiryLinger);

    private void Detach(string frontId, long attachId, TimeSpan linger)
    {
        if (_feed.Unsubscribe(frontId, attachId))
        {
            _services.Events.Publish(ConnectionEventKind.FrontDetached, _userId, frontId);
            PublishState();
        }

        if (_feed.Subscriptions.Count == 0)
        {
            StartLinger(linger);

            // A place in the line for dials is for those who are there; what was accepted for the upstream still has to go there.
            if (_outgoing.Waiting == 0)
                _upstream.RestAsync().Ignore();
        }
    }

    /// <summary>As <see cref="IUserConnectionGrain.SetTabs"/>.</summary>
    public int SetTabs(string frontId, long attachId, int tabs)
    {
        if (_feed.Subscriptions.FirstOrDefault(s => s.FrontId == frontId && s.AttachId == attachId) is { } subscription)
        {
            subscription.Tabs = tabs;
            _services.Events.Publish(ConnectionEventKind.TabsChanged, _userId, $"{frontId}: {tabs}");
            PublishState();
        }

        return TabsFor(frontId);
    }

    /// <summary>As <see cref="IUserConnectionGrain.OfferToken"/>.</summary>
    public void OfferToken(RelayToken token) => Take(token);

    /// <summary>As <see cref="IUserConnectionGrain.Read"/>.</summary>
    public ReadReply Read(FramePosition position) => _feed.Read(position);

    /// <summary>As <see cref="IUserConnectionGrain.Send"/>.</summary>
    public async Task<Receipt[]> SendAsync(OutgoingMessage[] messages)
    {
        if (_upstream.Status is UpstreamStatus.None)
            return Array.ConvertAll(messages, m => new Receipt(m.Id, ReceiptStatus.Rejected, ReceiptReason.UpstreamDown));
        await OwnAsync();
        return await _outgoing.SendAsync(messages, _breaker.State is BreakerState.ForcedOpen ? TimeSpan.MaxValue : _breaker.RetryAfter);
    }

    /// <summary>As <see cref="IUserConnectionGrain.Recall"/>.</summary>
    public Receipt[] Recall(string[] ids) => Array.ConvertAll(ids, _outgoing.Recall);

    /// <summary>Whether nothing has come yet that made it the owner of its user's connection.</summary>
    public bool IsNobodysYet => _ownership.Generation == 0;

    /// <summary>How it stands.</summary>
    public ConnectionState State => CurrentState();

    /// <summary>Somebody beside the backend has a message for the user.</summary>
    public async Task PushAsync(InboxMessage message)
    {
        await OwnAsync();
        OnFrame(message.IsText ? FrameKind.Text : FrameKind.Binary, message.Payload);
    }

    private void Take(RelayToken? token)
    {
        if (token is null || !_tokens.Offer(token))
            return;
        _upstream.AskAgain();
        PublishState();
    }

    // What the other fronts' tabs leave of what a user may have.
    private int TabsFor(string frontId) =>
        Math.Max(0, _services.Options.MaxTabs - _feed.Subscriptions.Where(s => s.FrontId != frontId).Sum(s => s.Tabs));

    private async Task OwnAsync()
    {
        await _ownership.AcquireAsync(_feed.Epoch);
        _feed.Generation = _ownership.Generation;
    }

    // Messages of the upstream come in no turn of this activation: but for markers this may touch the feed alone, which is made for it.
    private void OnFrame(FrameKind kind, ReadOnlySpan<byte> payload)
    {
        _feed.Append(kind, payload, _time.GetUtcNow().ToUnixTimeMilliseconds());
        if (kind is FrameKind.UpstreamOpened)
            _services.Events.Publish(ConnectionEventKind.UpstreamOpened, _userId);
        else if (kind is FrameKind.UpstreamClosed)
            _services.Events.Publish(ConnectionEventKind.UpstreamClosed, _userId, System.Text.Encoding.UTF8.GetString(payload));
    }

    private void OnBreakerTransitioned(BreakerTransition transition)
    {
        _ownership.KeepBreaker(transition.Snapshot);
        BreakerMetrics.Transitioned(BreakerMetrics.User, transition);
        _breakerMoves.Add(transition);
        Log.BreakerChanged(_logger, _userId, transition.From, transition.To, transition.Reason);
        _services.Events.Publish(ConnectionEventKind.BreakerChanged, _userId, $"{transition.From} -> {transition.To}: {transition.Reason}");
        PublishState();
    }

    private void OnOwnershipLost()
    {
        Log.OwnerLost(_logger, _userId, _ownership.Generation);
        UserMetrics.OwnerLost();
        _services.Events.Publish(ConnectionEventKind.OwnerLost, _userId);
        _activation.Deactivate();
    }

    private void PublishState() => _feed.Publish(CurrentState());

    private ConnectionState CurrentState()
    {
        var breaker = _breaker.Snapshot;
        return new ConnectionState
        {
            Upstream = _upstream?.Status ?? UpstreamStatus.None,
            Since = (_upstream?.Since ?? _time.GetUtcNow()).ToUnixTimeMilliseconds(),
            Reason = _upstream?.Reason,
            RetryAt = _upstream?.RetryAt?.ToUnixTimeMilliseconds(),
            Breaker = new BreakerStateView(
                breaker.State, breaker.ConsecutiveFailures, breaker.Trips, breaker.OpenUntil?.ToUnixTimeMilliseconds()),
            Epoch = _feed.Epoch,
            Top = _feed.Top,
            Generation = _ownership.Generation,
            Fronts = _feed.Subscriptions.Count,
            Tabs = _feed.Tabs,
            TokenRefused = _tokens.IsRefused,
        };
    }

    private static partial class Log
    {
        [LoggerMessage(500, LogLevel.Information, "Breaker of {User}: {From} -> {To} ({Reason})")]
        public static partial void BreakerChanged(
            ILogger logger, string user, BreakerState from, BreakerState to, BreakerTransitionReason reason);

        [LoggerMessage(501, LogLevel.Warning, "Another silo owns {User} now; generation {Generation} steps down")]
        public static partial void OwnerLost(ILogger logger, string user, long generation);

        [LoggerMessage(503, LogLevel.Warning, "The end of {User}'s log could not be stored: unless the user moves, the next owner starts a new epoch")]
        public static partial void ReleaseFailed(ILogger logger, string user, Exception error);

        [LoggerMessage(502, LogLevel.Debug, "Connection of {User} ends here ({Reason}) at offset {Top}")]
        public static partial void Leaving(ILogger logger, string user, DeactivationReasonCode reason, long top);
    }
}
