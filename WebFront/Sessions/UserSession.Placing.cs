using Connections.Core;
using Connections.Grains.Abstractions.Delivery;
using Connections.WebFront.Telemetry;

namespace Connections.WebFront.Sessions;

/// <summary>Where a tab begins: at its position, from this front's log or the owner's, or at the top with the honest refusal.</summary>
internal sealed partial class UserSession
{
    /// <summary>Places a tab at its position, or says why it cannot be.</summary>
    /// <exception cref="TimeoutException">The user's connection could not be reached in time.</exception>
    public async Task<OpenOutcome> OpenAsync(Tab tab, FramePosition? position, CancellationToken ct)
    {
        OpenOutcome? outcome = null;
        try
        {
            return outcome = await PlaceAsync(tab, position, ct);
        }
        finally
        {
            TabMetrics.Opened(tab.Kind, position is not null, outcome);
        }
    }

    private async Task<OpenOutcome> PlaceAsync(Tab tab, FramePosition? position, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(_services.Options.OpenTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            while (true)
            {
                await UntilAttachedAsync(position, either.Token);
                if (TryPlace(tab, position) is { } outcome)
                    return outcome;

                // Not in this front's log; the position may be older than it, or ahead of it.
                var read = await _grain.Read(position!.Value).WaitAsync(either.Token);
                if (TryPlace(tab, position.Value, read) is { } placed)
                    return placed;
                AttachAnew("the owner has another epoch");
            }
        }
        catch (Exception e) when (limit.IsCancellationRequested || e is TimeoutException or OrleansException)
        {
            ct.ThrowIfCancellationRequested();
            throw new TimeoutException($"The connection of {User} could not be reached within {_services.Options.OpenTimeout.TotalSeconds:0.#} s.", e);
        }
    }

    private OpenOutcome? TryPlace(Tab tab, FramePosition? position)
    {
        lock (_gate)
        {
            if (_log.Top is not { } top || (position is { } p && !_log.Covers(p)))
                return null;
            tab.Place(position ?? top, [], null, _log.ResetVersion, _log.StateVersion);
            return new OpenOutcome(position is not null, null, position ?? top, _log.State!);
        }
    }

    private OpenOutcome? TryPlace(Tab tab, FramePosition position, ReadReply read)
    {
        lock (_gate)
        {
            if (_log.Top is not { } top || top.Epoch != read.Epoch)
                return null;
            if (read.Refusal is Refusal.None)
            {
                tab.Place(position, read.Frames, null, _log.ResetVersion, _log.StateVersion);
                return new OpenOutcome(true, null, position, _log.State!);
            }

            var live = new FramePosition(read.Epoch, read.Top);
            var gap = new Gap(read.Refusal, read.First, read.Top, read.Top + 1);
            tab.Place(live, [], gap, _log.ResetVersion, _log.StateVersion);
            return new OpenOutcome(false, gap, live, _log.State!);
        }
    }
}
