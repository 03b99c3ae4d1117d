using Connections.Core;
using Connections.Grains.Abstractions;
using Connections.Grains.Abstractions.Delivery;
using Connections.Grains.Abstractions.Sending;
using Connections.Grains.Abstractions.State;
using Connections.Grains.Abstractions.Streams;
using Connections.Grains.Delivery;
using Connections.Grains.Events;
using Connections.Grains.Ownership;
using Connections.Grains.Placement;
using Connections.Grains.Sending;
using Connections.Grains.Telemetry;
using Connections.Grains.Upstream;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Placement;
using Orleans.Streams;
using Orleans.Streams.Core;

namespace Connections.Grains;

/// <summary>
/// One user's connection: joins the ownership record, the upstream and the feed, and decides how long they live. Reentrant: every
/// change of state happens between two awaits, and a message that waits for the socket must not hold an attach up.
/// </summary>
[Reentrant, KeepAlive, Immovable, UserPlacement, ImplicitStreamSubscription(StreamNames.Inbox)]
internal sealed partial class UserConnectionGrain : Grain, IUserConnectionGrain, IStreamSubscriptionObserver
{
    private readonly IPersistentState<StoredConnection> _storage;
    private readonly UpstreamDialer _dialer;
    private readonly DialGate _gate;
    private readonly Feeds _feeds;
    private readonly FrontLinks _links;
    private readonly EventPublisher _events;
    private readonly ConnectionOptions _options;
    private readonly UpstreamOptions _upstreamOptions;
    private readonly SendingOptions _sendingOptions;
    private readonly TimeProvider _time;
    private readonly ILogger<UserConnectionGrain> _logger;

    private readonly TokenRelay _tokens = new();
    private string _userId = "";
    private OwnershipRecord _ownership = null!;
    private CircuitBreaker _breaker = null!;
    private UserFeed _feed = null!;
    private UpstreamKeeper _upstream = null!;
    private Outgoing _outgoing = null!;

    public UserConnectionGrain(
        [PersistentState("connection", StorageNames.Connections)] IPersistentState<StoredConnection> storage,
        UpstreamDialer dialer,
        DialGate gate,
        Feeds feeds,
        FrontLinks links,
        EventPublisher events,
        IOptions<ConnectionOptions> options,
        IOptions<UpstreamOptions> upstreamOptions,
        IOptions<SendingOptions> sendingOptions,
        TimeProvider time,
        ILogger<UserConnectionGrain> logger)
    {
        _storage = storage;
        _dialer = dialer;
        _gate = gate;
        _feeds = feeds;
        _links = links;
        _events = events;
        _options = options.Value;
        _upstreamOptions = upstreamOptions.Value;
        _sendingOptions = sendingOptions.Value;
        _time = time;
        _logger = logger;
    }

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (!UserId.TryParse(this.GetPrimaryKeyString(), out var user))
            throw new ArgumentException("The grain's key is not a user id: 1 to 128 of A-Z a-z 0-9 _ . @ -, and not '.' or '..'.");
        _userId = user.Value;
        _ownership = new OwnershipRecord(_storage, GrainContext.ActivationId.ToString(), _sendingOptions.Durable, _time, _logger);
        _ownership.Lost += OnOwnershipLost;
        _breaker = new CircuitBreaker(_upstreamOptions.Breaker, _time, restored: _ownership.StoredBreaker);
        _breaker.Transitioned += OnBreakerTransitioned;
        _feed = _feeds.Open(_userId, _ownership.CleanEnd ?? new FramePosition(NewEpoch(), 0), _carried);
        _carried = null;
        _outgoing = new Outgoing(
            _sendingOptions, new RateLimit(_options.SendLimit, _time), _ownership.StoredOutbox, _time, _ownership.KeepOutboxAsync, _feed.Publish);
        _upstream = new UpstreamKeeper(user, _dialer, _gate, _upstreamOptions, _breaker, _tokens, _time, _logger);
        _upstream.FrameReceived += OnFrame;
        _upstream.Changed += PublishState;
        _upstream.Opened += _outgoing.Opened;
        _upstream.Closed += _outgoing.Closed;
        StartLinger(_options.Linger);
        UserMetrics.Activated();
        BreakerMetrics.Added(BreakerMetrics.User, _breaker.State);
        UpstreamMetrics.Added(_upstream.Status);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<AttachReply> Attach(AttachRequest request)
    {
        await OwnAsync();
        var subscription = new FeedSubscription(_feed, _links.To(request.FrontId, request.Sink), request.AttachId) { Tabs = request.Tabs };
        var read = _feed.Subscribe(subscription, request.Position)
            ?? throw new InvalidOperationException($"Front {request.FrontId} has attached anew since.");
        StopLinger();
        Take(request.Token);
        _upstream.Want(_ownership.Generation);
        _events.Publish(ConnectionEventKind.FrontAttached, _userId, request.FrontId);
        PublishState();
        return new AttachReply
        {
            Silo = _links.SiloName,
            Generation = _ownership.Generation,
            Read = read,
            State = CurrentState(),
            Tabs = TabsFor(request.FrontId),
            Direct = _links.Direct,
        };
    }

    /// <inheritdoc/>
    public Task Detach(string frontId, long attachId) => Detach(frontId, attachId, _options.Linger);

    /// <inheritdoc/>
    public Task Expire(string frontId, long attachId) => Detach(frontId, attachId, _options.Linger < ExpiryLinger ? _options.Linger : ExpiryLinger);

    private Task Detach(string frontId, long attachId, TimeSpan linger)
    {
        if (_feed.Unsubscribe(frontId, attachId))
        {
            _events.Publish(ConnectionEventKind.FrontDetached, _userId, frontId);
            PublishState();
        }

        if (_feed.Subscriptions.Count == 0)
        {
            StartLinger(linger);

            // A place in the line for dials is for those who are there; what was accepted for the upstream still has to go there.
            if (_outgoing.Waiting == 0)
                _upstream.RestAsync().Ignore();
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<int> SetTabs(string frontId, long attachId, int tabs)
    {
        if (_feed.Subscriptions.FirstOrDefault(s => s.FrontId == frontId && s.AttachId == attachId) is { } subscription)
        {
            subscription.Tabs = tabs;
            _events.Publish(ConnectionEventKind.TabsChanged, _userId, $"{frontId}: {tabs}");
            PublishState();
        }

        return Task.FromResult(TabsFor(frontId));
    }

    /// <inheritdoc/>
    public Task OfferToken(RelayToken token)
    {
        Take(token);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<ReadReply> Read(FramePosition position) => Task.FromResult(_feed.Read(position));

    /// <inheritdoc/>
    public async Task<Receipt[]> Send(OutgoingMessage[] messages)
    {
        if (_upstream.Status is UpstreamStatus.None)
            return Array.ConvertAll(messages, m => new Receipt(m.Id, ReceiptStatus.Rejected, ReceiptReason.UpstreamDown));
        await OwnAsync();
        return await _outgoing.SendAsync(messages, _breaker.State is BreakerState.ForcedOpen ? TimeSpan.MaxValue : _breaker.RetryAfter);
    }

    /// <inheritdoc/>
    public Task<ConnectionState> GetState() => Task.FromResult(CurrentState());

    /// <inheritdoc/>
    public async Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory)
    {
        var handle = handleFactory.Create<InboxMessage>();
        await handle.ResumeAsync(async (message, _) =>
        {
            await OwnAsync();
            OnFrame(message.IsText ? FrameKind.Text : FrameKind.Binary, message.Payload);
        });
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
        Math.Max(0, _options.MaxTabs - _feed.Subscriptions.Where(s => s.FrontId != frontId).Sum(s => s.Tabs));

    private async Task OwnAsync()
    {
        await _ownership.AcquireAsync(_feed.Epoch);
        _feed.Generation = _ownership.Generation;
    }

    private void OnFrame(FrameKind kind, byte[] payload)
    {
        _feed.Append(kind, payload, _time.GetUtcNow().ToUnixTimeMilliseconds());
        if (kind is FrameKind.UpstreamOpened)
            _events.Publish(ConnectionEventKind.UpstreamOpened, _userId);
        else if (kind is FrameKind.UpstreamClosed)
            _events.Publish(ConnectionEventKind.UpstreamClosed, _userId, System.Text.Encoding.UTF8.GetString(payload));
    }

    private void OnBreakerTransitioned(BreakerTransition transition)
    {
        _ownership.KeepBreaker(transition.Snapshot);
        BreakerMetrics.Transitioned(BreakerMetrics.User, transition);
        _breakerMoves.Add(transition);
        Log.BreakerChanged(_logger, _userId, transition.From, transition.To, transition.Reason);
        _events.Publish(ConnectionEventKind.BreakerChanged, _userId, $"{transition.From} -> {transition.To}: {transition.Reason}");
        PublishState();
    }

    private void OnOwnershipLost()
    {
        Log.OwnerLost(_logger, _userId, _ownership.Generation);
        UserMetrics.OwnerLost();
        _events.Publish(ConnectionEventKind.OwnerLost, _userId);
        DeactivateOnIdle();
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

    private static ulong NewEpoch() => BitConverter.ToUInt64(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8));

    private static partial class Log
    {
        [LoggerMessage(500, LogLevel.Information, "Breaker of {User}: {From} -> {To} ({Reason})")]
        public static partial void BreakerChanged(
            ILogger logger, string user, BreakerState from, BreakerState to, BreakerTransitionReason reason);

        [LoggerMessage(501, LogLevel.Warning, "Another silo owns {User} now; generation {Generation} steps down")]
        public static partial void OwnerLost(ILogger logger, string user, long generation);

        [LoggerMessage(503, LogLevel.Warning, "The end of {User}'s log could not be stored: the next owner starts a new epoch")]
        public static partial void ReleaseFailed(ILogger logger, string user, Exception error);

        [LoggerMessage(502, LogLevel.Debug, "Connection of {User} ends here ({Reason}) at offset {Top}")]
        public static partial void Leaving(ILogger logger, string user, DeactivationReasonCode reason, long top);
    }
}
