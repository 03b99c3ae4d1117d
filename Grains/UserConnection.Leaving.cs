using Connections.Core;
using Connections.Grains.Abstractions;
using Connections.Grains.Delivery;
using Connections.Grains.Telemetry;

namespace Connections.Grains;

/// <summary>How it ends here: after the linger, or because its silo leaves and it moves to another with the newest part of its log.</summary>
internal sealed partial class UserConnection
{
    // What a front lacks when it is over is lost to it: a gap. Below the 5 s that a deactivation may take.
    private static readonly TimeSpan HandOverPatience = TimeSpan.FromSeconds(3);

    // Enough for a tab that comes back at once with a fresh token.
    private static readonly TimeSpan ExpiryLinger = TimeSpan.FromSeconds(1);

    private IDisposable? _linger;
    private DateTimeOffset _lingerEnd;

    /// <summary>Ends it: closes the upstream, gives the fronts what they lack, and signs off in the record.</summary>
    /// <returns>What moves on, should the user go on elsewhere.</returns>
    public async Task<CarriedLog> LeaveAsync(DeactivationReasonCode reason, CancellationToken cancellationToken)
    {
        StopLinger();
        Log.Leaving(_logger, _userId, reason, _feed.Top);
        if (_ownership.IsLost)
            await _upstream.StopAsync(CloseCode.OwnerChanged.Code, CloseCode.OwnerChanged.Name);
        else
            await _upstream.StopAsync((int)System.Net.WebSockets.WebSocketCloseStatus.EndpointUnavailable, "the connection moves or ends");

        // The fronts first get what they lack, and attach anew: the new owner is waiting for this method to end.
        var released = _feed.ReleaseAsync();
        await ReleaseOwnershipAsync();
        await Task.WhenAny(released, Task.Delay(HandOverPatience, _time, cancellationToken));
        var carried = _feed.Carry();
        _services.Feeds.Close(_feed);
        _outgoing.Dispose();
        UserMetrics.Deactivated();
        BreakerMetrics.Removed(BreakerMetrics.User, _breaker.Snapshot.State);
        UpstreamMetrics.Removed(_upstream.Status);
        return carried;
    }

    // A store that is away costs the next owner its place in the log, unless it is told it by this one, and this one nothing: it leaves all the same.
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
        _linger = _activation.StartTimer(linger, _activation.Deactivate);
    }

    private void StopLinger()
    {
        _linger?.Dispose();
        _linger = null;
    }
}
