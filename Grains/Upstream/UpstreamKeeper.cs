using System.Text.Json;
using Connections.Core;
using Connections.Grains.Abstractions.Sending;
using Connections.Grains.Abstractions.State;
using Microsoft.Extensions.Logging;

namespace Connections.Grains.Upstream;

/// <summary>
/// Keeps one user's upstream open for as long as it is wanted: asks the breaker, dials, receives, closes, waits, dials again. The one
/// writer of the upstream's state. Lives on its activation's scheduler; nothing here is awaited by a grain call but <see cref="SendAsync"/>.
/// </summary>
internal sealed partial class UpstreamKeeper
{
    private static readonly TimeSpan ClosePatience = TimeSpan.FromMilliseconds(500);

    private readonly UserId _user;
    private readonly UpstreamDialer _dialer;
    private readonly UpstreamOptions _options;
    private readonly CircuitBreaker _breaker;
    private readonly Backoff _backoff;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Action<FrameKind, byte[]> _onFrame;
    private readonly Action _onChanged;

    private CancellationTokenSource? _wanted;
    private Task _running = Task.CompletedTask;
    private UpstreamSocket? _socket;
    private long _generation;
    private int _pendingSendBytes;

    /// <summary>Makes a keeper that does nothing yet.</summary>
    /// <param name="user">Whose upstream.</param>
    /// <param name="dialer">Opens sockets.</param>
    /// <param name="options">How.</param>
    /// <param name="breaker">The user's breaker, restored.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    /// <param name="onFrame">Takes messages and markers, in order.</param>
    /// <param name="onChanged">Hears that the state changed.</param>
    public UpstreamKeeper(
        UserId user,
        UpstreamDialer dialer,
        UpstreamOptions options,
        CircuitBreaker breaker,
        TimeProvider time,
        ILogger logger,
        Action<FrameKind, byte[]> onFrame,
        Action onChanged)
    {
        _user = user;
        _dialer = dialer;
        _options = options;
        _breaker = breaker;
        _backoff = new Backoff(options.Backoff, time);
        _time = time;
        _logger = logger;
        _onFrame = onFrame;
        _onChanged = onChanged;
        Status = dialer.Address is null ? UpstreamStatus.None : UpstreamStatus.Idle;
        Since = time.GetUtcNow();
    }

    /// <summary>How the upstream stands.</summary>
    public UpstreamStatus Status { get; private set; }

    /// <summary>Since when.</summary>
    public DateTimeOffset Since { get; private set; }

    /// <summary>Why it waits.</summary>
    public string? Reason { get; private set; }

    /// <summary>When the next dial is due, while it waits.</summary>
    public DateTimeOffset? RetryAt { get; private set; }

    /// <summary>Starts keeping the upstream open on behalf of the owner of <paramref name="generation"/>, unless it is kept already.</summary>
    public void Want(long generation)
    {
        if (_dialer.Address is null || _wanted is not null)
            return;
        _generation = generation;
        _wanted = new CancellationTokenSource();
        _running = KeepAsync(_wanted.Token);
    }

    /// <summary>Closes the upstream and stays closed; returns when no socket is left.</summary>
    public async Task StopAsync(int code, string reason)
    {
        if (_wanted is not { } wanted)
            return;
        await wanted.CancelAsync();
        if (_socket is { } socket)
            await socket.CloseAsync(UpstreamClose.ByGateway(code, reason), ClosePatience, _time);
        await _running;
        wanted.Dispose();
        _wanted = null;
        Change(UpstreamStatus.Idle);
    }

    /// <summary>Hands a message to the upstream.</summary>
    public async Task<Receipt> SendAsync(OutgoingMessage message)
    {
        if (message.Payload.Length > _options.MaxMessageBytes)
            return new Receipt(message.Id, ReceiptStatus.Rejected, ReceiptReason.TooLarge);
        if (_socket is not { IsOpen: true } socket)
            return NotOpen(message.Id);
        if (_pendingSendBytes > 0 && _pendingSendBytes + message.Payload.Length > _options.MaxPendingSendBytes)
            return new Receipt(message.Id, ReceiptStatus.Rejected, ReceiptReason.QueueFull);
        _pendingSendBytes += message.Payload.Length;
        try
        {
            return await socket.SendAsync(message.Payload, message.IsText) ? new Receipt(message.Id, ReceiptStatus.Sent) : NotOpen(message.Id);
        }
        catch (Exception e) when (e is System.Net.WebSockets.WebSocketException or ObjectDisposedException or OperationCanceledException or IOException)
        {
            return new Receipt(message.Id, ReceiptStatus.Unknown, ReceiptReason.UpstreamLost);
        }
        finally
        {
            _pendingSendBytes -= message.Payload.Length;
        }
    }

    private Receipt NotOpen(string id)
    {
        var held = _breaker.State is BreakerState.Open or BreakerState.ForcedOpen;
        long? retryAfter = RetryAt is { } at ? Math.Max(0, (long)(at - _time.GetUtcNow()).TotalMilliseconds) : null;
        return new Receipt(id, ReceiptStatus.Rejected, held ? ReceiptReason.BreakerOpen : ReceiptReason.UpstreamDown, retryAfter);
    }

    private async Task KeepAsync(CancellationToken wanted)
    {
        try
        {
            while (!wanted.IsCancellationRequested)
            {
                var permit = _breaker.TryAcquire();
                if (!permit.Allowed)
                {
                    await WaitAsync(permit.RetryAfter, Reason ?? "breaker open", wanted);
                    continue;
                }

                var wait = await DialAndReceiveAsync(permit, wanted);
                if (!wanted.IsCancellationRequested && _breaker.State is not BreakerState.Open)
                    await WaitAsync(wait.Delay, wait.Reason, wanted);
                else
                    Reason = wait.Reason;
            }
        }
        catch (OperationCanceledException) when (wanted.IsCancellationRequested)
        {
            // Nobody wants the upstream any more.
        }
    }

    private async Task<(TimeSpan Delay, string Reason)> DialAndReceiveAsync(BreakerPermit permit, CancellationToken wanted)
    {
        Change(UpstreamStatus.Connecting);
        DialResult dial;
        try
        {
            dial = await _dialer.DialAsync(_user, _generation, wanted);
        }
        catch
        {
            _breaker.Cancel(permit);
            throw;
        }

        if (dial.Socket is not { } socket)
        {
            Log.DialFailed(_logger, _user, dial.Error!);
            _breaker.OnFailure(permit, dial.Error, dial.RetryAfter, dial.Duration);
            var backoff = _backoff.Next();
            return (dial.RetryAfter is { } asked && asked > backoff ? asked : backoff, $"dial failed: {dial.Error}");
        }

        using (_socket = socket)
        {
            // Opened between the wish's end and now: StopAsync saw no socket to close.
            if (wanted.IsCancellationRequested)
            {
                _breaker.Cancel(permit);
                await socket.CloseAsync(UpstreamClose.ByGateway(1000, "not wanted"), TimeSpan.Zero, _time);
                wanted.ThrowIfCancellationRequested();
            }

            return await ReceiveAsync(socket, permit, dial.Duration, wanted);
        }
    }

    private async Task<(TimeSpan Delay, string Reason)> ReceiveAsync(
        UpstreamSocket socket, BreakerPermit permit, TimeSpan dialled, CancellationToken wanted)
    {
        _backoff.Opened();
        Log.Opened(_logger, _user, _generation);
        _onFrame(FrameKind.UpstreamOpened, JsonSerializer.SerializeToUtf8Bytes(new UpstreamOpen(_generation), MarkerJson.Default.UpstreamOpen));
        Change(UpstreamStatus.Open);

        // Only a connection that lasts is a success; its timer runs on this activation's scheduler like everything here.
        using var ended = new CancellationTokenSource();
        var proving = ProveAsync(permit, dialled, ended.Token);
        var close = await socket.ReceiveAllAsync(_onFrame);
        await ended.CancelAsync();
        var stable = await proving;

        _socket = null;
        Log.Closed(_logger, _user, close.Code, close.Reason, close.By);
        _onFrame(FrameKind.UpstreamClosed, JsonSerializer.SerializeToUtf8Bytes(close, MarkerJson.Default.UpstreamClose));
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
        _onChanged();
        return true;
    }

    private async Task WaitAsync(TimeSpan delay, string reason, CancellationToken wanted)
    {
        Reason = reason;
        RetryAt = _time.GetUtcNow() + delay;
        Change(UpstreamStatus.Waiting);
        await Task.Delay(delay, _time, wanted);
    }

    private void Change(UpstreamStatus status)
    {
        if (status is not UpstreamStatus.Waiting)
        {
            RetryAt = null;
            if (status is not UpstreamStatus.Connecting)
                Reason = null;
        }

        if (status != Status)
            Since = _time.GetUtcNow();
        Status = status;
        _onChanged();
    }

    private static partial class Log
    {
        [LoggerMessage(100, LogLevel.Information, "Upstream of {User} open, generation {Generation}")]
        public static partial void Opened(ILogger logger, UserId user, long generation);

        [LoggerMessage(101, LogLevel.Information, "Upstream of {User} closed: {Code} {Reason}, by {By}")]
        public static partial void Closed(ILogger logger, UserId user, int code, string reason, string by);

        [LoggerMessage(102, LogLevel.Warning, "Dial for {User} failed: {Error}")]
        public static partial void DialFailed(ILogger logger, UserId user, string error);
    }
}
