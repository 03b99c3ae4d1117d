using Connections.Core;
using Connections.Grains.Abstractions;
using Connections.Grains.Delivery;
using Connections.Grains.Placement;
using Connections.Grains.Telemetry;

namespace Connections.Grains;

/// <summary>How it ends here: after the linger, or because its silo leaves and it moves to another with the newest part of its log.</summary>
internal sealed partial class UserConnectionGrain : IHandOver, IGrainMigrationParticipant
{
    // What a front lacks when it is over is lost to it: a gap. Below the 5 s that a deactivation may take.
    private static readonly TimeSpan HandOverPatience = TimeSpan.FromSeconds(3);

    // Enough for a tab that comes back at once with a fresh token.
    private static readonly TimeSpan ExpiryLinger = TimeSpan.FromSeconds(1);

    private IGrainTimer? _linger;
    private DateTimeOffset _lingerEnd;
    private CarriedLog? _carried;

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        StopLinger();
        Log.Leaving(_logger, _userId, reason.ReasonCode, _feed.Top);
        if (_ownership.IsLost)
            await _upstream.StopAsync(CloseCode.OwnerChanged.Code, CloseCode.OwnerChanged.Name);
        else
            await _upstream.StopAsync((int)System.Net.WebSockets.WebSocketCloseStatus.EndpointUnavailable, "the connection moves or ends");

        // The fronts first get what they lack, and attach anew: the new owner is waiting for this method to end.
        var released = _feed.ReleaseAsync();
        await ReleaseOwnershipAsync();
        await Task.WhenAny(released, Task.Delay(HandOverPatience, _time, cancellationToken));
        _carried = _feed.Carry();
        _feeds.Close(_feed);
        _outgoing.Dispose();
        UserMetrics.Deactivated();
        BreakerMetrics.Removed(BreakerMetrics.User, _breaker.Snapshot.State);
        UpstreamMetrics.Removed(_upstream.Status);
    }

    /// <inheritdoc/>
    public Task HandOver()
    {
        RequestContext.Set(PlacementHints.Avoid, _links.SiloName);
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

    // A store that is away costs the next owner its place in the log, and this one nothing: it leaves all the same.
    private async Task ReleaseOwnershipAsync()
    {
        try
        {
            await _ownership.ReleaseAsync(new FramePosition(_feed.Epoch, _feed.Top), _outgoing.Content);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Log.ReleaseFailed(_logger, _userId, e);
        }
    }

    // A shorter one takes the place of a longer one, and never the other way round.
    private void StartLinger(TimeSpan linger)
    {
        var end = _time.GetUtcNow() + linger;
        if (_linger is not null && _lingerEnd <= end)
            return;
        StopLinger();
        _lingerEnd = end;
        _linger = this.RegisterGrainTimer(
            static (grain, _) =>
            {
                grain.DeactivateOnIdle();
                return Task.CompletedTask;
            },
            this,
            new GrainTimerCreationOptions(linger, Timeout.InfiniteTimeSpan) { Interleave = true });
    }

    private void StopLinger()
    {
        _linger?.Dispose();
        _linger = null;
    }
}
