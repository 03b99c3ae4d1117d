using Connections.Core;
using Connections.Grains.Abstractions.Delivery;
using Connections.Grains.Abstractions.Sending;
using Connections.WebFront.Telemetry;

namespace Connections.WebFront.Sessions;

/// <summary>How the session keeps its attachment to the user's grain: attaches, attaches anew, detaches.</summary>
internal sealed partial class UserSession
{
    private static readonly TimeSpan FirstAttachTimeout = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan MaxAttachTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MaxAttachPause = TimeSpan.FromSeconds(2);

    /// <summary>The attachment is worth nothing any more: makes a new one, unless that is under way.</summary>
    /// <param name="reason">Why, for the log.</param>
    /// <param name="within">Spreads the attaches of many users over this time.</param>
    public void AttachAnew(string reason, TimeSpan within = default)
    {
        lock (_gate)
        {
            if (_attaching || _ended)
                return;
            _attaching = true;
            Silo = null;
            _attached = false;
        }

        Log.Attaching(_services.Logger, User, reason);
        _ = AttachAsync(null, within, anew: true);
    }

    /// <summary>A tab came with a token, or fetched a fresh one: the owner is told, now or with the attach that is under way.</summary>
    public void Offer(RelayToken? token)
    {
        lock (_gate)
        {
            if (token is null || _token?.Value == token.Value)
                return;
            if (_token is null || token.IsNewerThan(_token))
                _token = token;
            if (_attaching || !_attached)
                return;
        }

        _grain.OfferToken(token).Ignore();
    }

    /// <summary>Tells the grain that this front has no tab of the user any more; keeps trying for a while, and a lost one heals with the next push.</summary>
    /// <param name="ct">When to give up.</param>
    /// <param name="tokenEnded">Whether the last tab went because its token ended: then the upstream is not kept for its return.</param>
    public async Task DetachAsync(CancellationToken ct, bool tokenEnded = false)
    {
        // Never asked for: there is nothing to take back.
        if (Interlocked.Read(ref _attachId) == 0)
            return;
        for (var attempt = 1; attempt <= 5; attempt++)
        {
            try
            {
                // After a failure the older call: a silo of an earlier version does not know the other one.
                var attachId = Interlocked.Read(ref _attachId);
                await (tokenEnded && attempt == 1 ? _grain.Expire(_services.FrontId, attachId) : _grain.Detach(_services.FrontId, attachId)).WaitAsync(ct);
                return;
            }
            catch (Exception e) when (e is TimeoutException or OrleansException && !ct.IsCancellationRequested)
            {
                Log.DetachFailed(_services.Logger, User, attempt, e.Message);
                await Task.Delay(Jitter(TimeSpan.FromSeconds(attempt)), _time, ct);
            }
        }
    }

    private async Task UntilAttachedAsync(FramePosition? position, CancellationToken ct)
    {
        var attached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bool first;
        lock (_gate)
        {
            if (_attached)
                return;
            _waiting.Add(attached);
            first = !_attaching;
            _attaching = true;
        }

        if (first)
            _ = AttachAsync(position, TimeSpan.Zero, anew: false);
        using var impatient = ct.UnsafeRegister(static waits => ((TaskCompletionSource)waits!).TrySetCanceled(), attached);
        try
        {
            await attached.Task;
        }
        finally
        {
            lock (_gate)
                _waiting.Remove(attached);
        }
    }

    private async Task AttachAsync(FramePosition? first, TimeSpan within, bool anew)
    {
        if (within > TimeSpan.Zero)
            await Task.Delay(Jitter(within), _time);
        for (var attempt = 1; ; attempt++)
        {
            using var place = await _services.Attaches.EnterAsync(anew);
            try
            {
                if (NextRequest(first) is not { } request)
                    return;
                var timeout = FirstAttachTimeout * attempt;
                var reply = await place.Ask(() => _grain.Attach(request)).WaitAsync(timeout < MaxAttachTimeout ? timeout : MaxAttachTimeout, _time);
                SessionMetrics.Attached(succeeded: true);
                _services.Direct.Use(reply.Silo, reply.Direct, _services.FrontId);
                Attached(reply);

                // The detach of a session that ended meanwhile may have come before.
                if (_ended)
                    _grain.Detach(request.FrontId, request.AttachId).Ignore();
                return;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // A dead owner does not answer, and one that is being replaced refuses: ask again until there is one.
                SessionMetrics.Attached(succeeded: false);
                Log.AttachFailed(_services.Logger, User, attempt, e.Message);
                var pause = TimeSpan.FromMilliseconds(100) * attempt;
                await Task.Delay(Jitter(pause < MaxAttachPause ? pause : MaxAttachPause), _time);
            }
        }
    }

    // Null when the session has ended: who has gone while it waited is not asked for.
    private AttachRequest? NextRequest(FramePosition? first)
    {
        var sink = _services.Sink.Reference;
        lock (_gate)
        {
            if (_ended)
                return null;
            _attachId = _services.NextAttachId();
            _stash.Clear();
            _lastBatch = 0;
            _reportedTabs = _tabs.Length;
            return new AttachRequest
            {
                FrontId = _services.FrontId,
                AttachId = _attachId,
                Sink = sink,
                Position = _log.Top ?? first,
                Tabs = _tabs.Length,
                Token = _token,
            };
        }
    }

    private void Attached(AttachReply reply)
    {
        var released = false;
        lock (_gate)
        {
            _generation = reply.Generation;
            _services.Watch.Seen(reply.Silo);
            Silo = reply.Silo;
            _log.Apply(reply.State);
            _log.Apply(reply.Read);
            _attaching = false;
            foreach (var (run, batch) in _stash.Where(s => s.Run.AttachId == _attachId).DistinctBy(s => s.Batch).OrderBy(s => s.Batch))
            {
                released |= run.Released;
                Apply(run, batch);
            }

            _stash.Clear();
            _attached = true;
            _waiting.ForEach(waits => waits.TrySetResult());
        }

        CloseTabsBeyond(reply.Tabs);
        Wake();
        ReportTabs();
        AskForReceipts([.. _tabs.SelectMany(t => t.Receipts.Waiting).Distinct()]);
        if (released)
            AttachAnew("the owner leaves");
    }

    // Final receipts are pushed to who is attached: those of the time between two attachments must be asked for.
    private void AskForReceipts(string[] ids)
    {
        if (ids.Length > 0)
            _ = AskAsync();

        async Task AskAsync()
        {
            try
            {
                foreach (var receipt in await _grain.Recall(ids))
                {
                    if (receipt.Status is ReceiptStatus.Queued)
                        continue;
                    foreach (var tab in _tabs)
                    {
                        if (tab.Receipts.Offer(receipt))
                            tab.Signal();
                    }
                }
            }
            catch (Exception e) when (e is TimeoutException or OrleansException)
            {
                AttachAnew($"receipts could not be asked for: {e.Message}");
            }
        }
    }

    private TimeSpan Jitter(TimeSpan upTo) => upTo * _services.Random();
}
