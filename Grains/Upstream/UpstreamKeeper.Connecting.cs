using System.Text.Json;
using Connections.Core;
using Connections.Grains.Abstractions.Delivery;
using Connections.Grains.Abstractions.State;
using Connections.Grains.Telemetry;

namespace Connections.Grains.Upstream;

/// <summary>One turn of it: the dial within the budget, the life of the socket, and what both breakers learn from that.</summary>
internal sealed partial class UpstreamKeeper
{
    private async Task<(TimeSpan Delay, string Reason)?> DialAndReceiveAsync(BreakerPermit permit, CancellationToken wanted)
    {
        using var place = _gate.TryHold();
        if (place is null)
            return NoRoom(permit, "this silo has as many upstreams as it may");
        Change(UpstreamStatus.Connecting);
        Dialled? dial;
        try
        {
            dial = await DialWithinBudgetAsync(wanted);
        }
        catch
        {
            _breaker.Cancel(permit);
            throw;
        }

        // What the breaker becomes by it is told at once, and with it an upstream that waits, not one that still connects.
        if (dial?.Socket is null)
            Become(UpstreamStatus.Waiting);
        if (dial is null)
        {
            _breaker.Cancel(permit);
            return null;
        }

        if (dial.Socket is not { } socket)
        {
            var (detail, retryAfter) = (dial.Outcome.Detail ?? "", dial.Outcome.RetryAfter);
            Log.DialFailed(_logger, _user, detail);
            if (dial.Shown is { } shown && dial.Outcome.Status == Unauthorized)
                return Refused(permit, shown);

            // This silo's own failure: neither the user's nor the backend's.
            if (dial.Outcome.Result is DialResult.GivenUp)
                return NoRoom(permit, $"dial failed: {detail}");

            // The backend as a whole is known to be unwell: that is not this user's failure, and must not cost it a break of its own.
            if (DialFailures.ScopeOf(dial.Outcome) is FailureScope.Upstream && _gate.Health.Breaker.State is not BreakerState.Closed)
            {
                _breaker.Cancel(permit);
                return null;
            }

            _breaker.OnFailure(permit, detail, retryAfter, dial.Duration);
            return (WaitFor(retryAfter, _backoff.Next()), $"dial failed: {detail}");
        }

        using (_socket = socket)
        {
            // Opened between the wish's end and now: StopAsync saw no socket to close.
            if (wanted.IsCancellationRequested)
            {
                _breaker.Cancel(permit);
                await socket.CloseAsync(UpstreamClose.ByGateway(1000, "not wanted"), TimeSpan.Zero);
                wanted.ThrowIfCancellationRequested();
            }

            return await ReceiveAsync(socket, permit, dial.Duration, wanted);
        }
    }

    private (TimeSpan Delay, string Reason) NoRoom(BreakerPermit permit, string reason)
    {
        _breaker.Cancel(permit);
        Log.DialFailed(_logger, _user, reason);
        UpstreamMetrics.Dialled(DialResult.GivenUp, TimeSpan.Zero);
        return (_backoff.Next(), reason);
    }

    // As asked, within the bound that breaks have too: a backend that says "in 68 years" must not lose its users until then.
    private TimeSpan WaitFor(TimeSpan? retryAfter, TimeSpan backoff)
    {
        var most = _options.Breaker.MaxRetryAfter;
        var asked = retryAfter is { } wish && wish < most ? wish : retryAfter is null ? TimeSpan.Zero : most;
        return asked > backoff ? asked : backoff;
    }

    // No failure for the breaker: that would hold up a fresh token, which AskAgain dials with at once. The old one is tried again as seldom as an
    // open breaker would.
    private (TimeSpan Delay, string Reason) Refused(BreakerPermit permit, RelayToken token)
    {
        _breaker.Cancel(permit);
        _tokens.Refuse(token);
        return (_tokens.IsRefused ? _options.Breaker.BreakDuration : TimeSpan.Zero, "dial failed: 401, the token was refused");
    }

    // The budget first: a user may wait for its turn, and only then does it count whether the backend is well.
    private async Task<Dialled?> DialWithinBudgetAsync(CancellationToken wanted)
    {
        var asked = _time.GetTimestamp();
        using var lease = await _gate.Budget.AcquireAsync(wanted);
        UpstreamMetrics.Waited(_time.GetElapsedTime(asked));
        var health = _gate.Health.TryAcquire();
        if (!health.Allowed)
            return null;
        try
        {
            var dial = await _dialer.DialAsync(_user, _generation, _tokens.Newest, wanted);
            _gate.Health.Report(health, dial.Outcome, dial.Duration);
            UpstreamMetrics.Dialled(dial.Outcome.Result, dial.Duration);
            return dial;
        }
        catch
        {
            _gate.Health.Report(health, new DialOutcome(DialResult.GivenUp));
            throw;
        }
    }

    private async Task<(TimeSpan Delay, string Reason)> ReceiveAsync(
        UpstreamSocket socket, BreakerPermit permit, TimeSpan dialled, CancellationToken wanted)
    {
        _backoff.Opened();
        Log.Opened(_logger, _user, _generation);
        FrameReceived?.Invoke(FrameKind.UpstreamOpened, JsonSerializer.SerializeToUtf8Bytes(new UpstreamOpen(_generation), MarkerJson.Default.UpstreamOpen));
        Change(UpstreamStatus.Open);
        Opened?.Invoke(socket);

        // Only a connection that lasts is a success; its timer runs on this activation's scheduler like everything here.
        using var ended = new CancellationTokenSource();
        var proving = ProveAsync(permit, dialled, ended.Token);
        var close = await socket.ReceiveAllAsync((kind, payload) => FrameReceived?.Invoke(kind, payload));
        UpstreamMetrics.Closed(close.By, _time.GetUtcNow() - Since);
        ended.Cancel();
        var stable = await proving;

        _socket = null;
        Closed?.Invoke();
        Log.Closed(_logger, _user, close.Code, close.Reason, close.By);
        FrameReceived?.Invoke(FrameKind.UpstreamClosed, JsonSerializer.SerializeToUtf8Bytes(close, MarkerJson.Default.UpstreamClose));
        Become(UpstreamStatus.Waiting);
        if (!stable && wanted.IsCancellationRequested)
            _breaker.Cancel(permit);
        else if (!stable)
            _breaker.OnFailure(permit, $"closed after {_options.StableAfter} or less: {close.Code} {close.Reason}", null, dialled);
        _backoff.Closed();
        return (_backoff.Next(), $"upstream closed: {close.Code} {close.Reason}".TrimEnd());
    }

    private async Task<bool> ProveAsync(BreakerPermit permit, TimeSpan dialled, CancellationToken ended)
    {
        try
        {
            await Task.Delay(_options.StableAfter, _time, ended);
        }
        catch (OperationCanceledException)
        {
            return false;
        }

        _breaker.OnSuccess(permit, dialled);
        Changed?.Invoke();
        return true;
    }
}
