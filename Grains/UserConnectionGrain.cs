using Connections.Core;
using Connections.Grains.Abstractions;
using Connections.Grains.Abstractions.Delivery;
using Connections.Grains.Abstractions.Operating;
using Connections.Grains.Abstractions.Sending;
using Connections.Grains.Abstractions.State;
using Connections.Grains.Abstractions.Streams;
using Connections.Grains.Delivery;
using Connections.Grains.Ownership;
using Connections.Grains.Placement;
using Orleans.Concurrency;
using Orleans.Placement;
using Orleans.Streams;
using Orleans.Streams.Core;

namespace Connections.Grains;

/// <summary>
/// What Orleans calls of a user's <see cref="UserConnection"/>, which is all of it: turns, a place to live, a move to another silo. Reentrant:
/// a message that waits for the socket must not hold an attach up.
/// </summary>
[Reentrant, KeepAlive, Immovable, UserPlacement, ImplicitStreamSubscription(StreamNames.Inbox)]
internal sealed class UserConnectionGrain(
    [PersistentState("connection", StorageNames.Connections)] IPersistentState<StoredConnection> storage, ConnectionServices services, SiloDrain drain)
    : Grain, IUserConnectionGrain, IUserOperations, IHandOver, IGrainMigrationParticipant, IStreamSubscriptionObserver, IActivation
{
    private UserConnection _connection = null!;
    private CarriedLog? _carried;

    /// <inheritdoc/>
    string IActivation.Name => GrainContext.ActivationId.ToString();

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (!UserId.TryParse(this.GetPrimaryKeyString(), out var user))
            throw new ArgumentException("The grain's key is not a user id: 1 to 128 of A-Z a-z 0-9 _ . @ -, and not '.' or '..'.");
        _connection = new UserConnection(user, this, storage, _carried, services);
        _carried = null;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) =>
        _carried = await _connection.LeaveAsync(reason.ReasonCode, cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="OrleansException">All silos leave: the user has gone from here, and would be sent away at once.</exception>
    public Task<AttachReply> Attach(AttachRequest request)
    {
        // What comes late is brought to where the user was before, and Orleans makes it anew there, without asking for a place.
        if (_connection.IsNobodysYet && drain.HasNowhereToSend)
        {
            DeactivateOnIdle();
            throw UserPlacementDirector.AllLeave();
        }

        return _connection.AttachAsync(request);
    }

    /// <inheritdoc/>
    public Task Detach(string frontId, long attachId)
    {
        _connection.Detach(frontId, attachId);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task Expire(string frontId, long attachId)
    {
        _connection.Expire(frontId, attachId);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<int> SetTabs(string frontId, long attachId, int tabs) => Task.FromResult(_connection.SetTabs(frontId, attachId, tabs));

    /// <inheritdoc/>
    public Task OfferToken(RelayToken token)
    {
        _connection.OfferToken(token);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<ReadReply> Read(FramePosition position) => Task.FromResult(_connection.Read(position));

    /// <inheritdoc/>
    public Task<Receipt[]> Send(OutgoingMessage[] messages) => _connection.SendAsync(messages);

    /// <inheritdoc/>
    public Task<Receipt[]> Recall(string[] ids) => Task.FromResult(_connection.Recall(ids));

    /// <inheritdoc/>
    public Task<ConnectionState> GetState() => Task.FromResult(_connection.State);

    /// <inheritdoc/>
    public Task<UserExplanation> Explain() => Task.FromResult(_connection.Explain());

    /// <inheritdoc/>
    public Task<BreakerStateView> Command(BreakerCommand command, string detail) => _connection.CommandAsync(command, detail);

    /// <inheritdoc/>
    public Task Disconnect()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task HandOver()
    {
        if (HandOvers.IsFromElsewhere(services.Links.SiloName))
            return Task.CompletedTask;
        RequestContext.Set(PlacementHints.Avoid, services.Links.SiloName);
        MigrateOnIdle();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task Leave()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void OnDehydrate(IDehydrationContext dehydrationContext) => dehydrationContext.TryAddValue(nameof(CarriedLog), _carried);

    /// <inheritdoc/>
    public void OnRehydrate(IRehydrationContext rehydrationContext) => rehydrationContext.TryGetValue(nameof(CarriedLog), out _carried);

    /// <inheritdoc/>
    public async Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory)
    {
        var handle = handleFactory.Create<InboxMessage>();
        await handle.ResumeAsync((message, _) => _connection.PushAsync(message));
    }

    /// <inheritdoc/>
    void IActivation.Deactivate() => DeactivateOnIdle();

    /// <inheritdoc/>
    IDisposable IActivation.StartTimer(TimeSpan due, Action callback) =>
        this.RegisterGrainTimer(
            static (call, _) =>
            {
                call();
                return Task.CompletedTask;
            },
            callback,
            new GrainTimerCreationOptions(due, Timeout.InfiniteTimeSpan) { Interleave = true });
}
