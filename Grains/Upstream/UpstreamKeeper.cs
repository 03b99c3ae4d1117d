using Connections.Core;
using Connections.Grains.Abstractions.State;
using Connections.Grains.Telemetry;
using Microsoft.Extensions.Logging;

namespace Connections.Grains.Upstream;

/// <summary>
/// Keeps one user's upstream open for as long as it is wanted: asks the breaker, dials, receives, closes, waits, dials again. The one
/// writer of the upstream's state. Lives on its activation's scheduler; no grain call waits for anything here but its end.
/// </summary>
internal sealed partial class UpstreamKeeper
{
    private const int Unauthorized = 401;

    private static readonly TimeSpan ClosePatience = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan ProbeSpread = TimeSpan.FromMilliseconds(500);

    private readonly UserId _user;
    private readonly IUpstreamDialer _dialer;
    private readonly DialGate _gate;
    private readonly UpstreamOptions _options;
    private readonly CircuitBreaker _breaker;
    private readonly Backoff _backoff;
    private readonly TokenRelay _tokens;
    private readonly Func<double> _random;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    private CancellationTokenSource? _wanted;
    private Task _running = Task.CompletedTask;
    private UpstreamSocket? _socket;
    private long _generation;
    private TaskCompletionSource _asked = new();
    private (long Since, TimeSpan Delay)? _wait;
    private bool _desired;
    private bool _ended;

    /// <summary>Makes a keeper that does nothing yet.</summary>
    /// <param name="user">Whose upstream.</param>
    /// <param name="dialer">Opens sockets.</param>
    /// <param name="gate">What all users of this silo pass.</param>
    /// <param name="options">How.</param>
    /// <param name="breaker">The user's breaker, restored.</param>
    /// <param name="tokens">What a dial shows to the backend.</param>
    /// <param name="random">A number from 0 to 1, for jitter.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    public UpstreamKeeper(
        UserId user,
        IUpstreamDialer dialer,
        DialGate gate,
        UpstreamOptions options,
        CircuitBreaker breaker,
        TokenRelay tokens,
        Func<double> random,
        TimeProvider time,
        ILogger logger)
    {
        _user = user;
        _dialer = dialer;
        _gate = gate;
        _options = options;
        _breaker = breaker;
        _backoff = new Backoff(options.Backoff, time, random);
        _random = random;
        _tokens = tokens;
        _time = time;
        _logger = logger;
        Status = dialer.Address is null ? UpstreamStatus.None : UpstreamStatus.Idle;
        Since = time.GetUtcNow();
    }

    /// <summary>A message or a marker, one after the other and in order. Markers come in a turn of the activation, messages in none.</summary>
    public event Action<FrameKind, ReadOnlySpan<byte>>? FrameReceived;

    /// <summary>The state changed.</summary>
    public event Action? Changed;

    /// <summary>A socket is open and can be sent to.</summary>
    public event Action<UpstreamSocket>? Opened;

    /// <summary>The socket has ended; what was on its way may be lost.</summary>
    public event Action? Closed;

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
        _desired = true;
        _generation = generation;
        if (_dialer.Address is null || _wanted is not null || _ended)
            return;
        _wanted = new CancellationTokenSource();
        _running = KeepAsync(_wanted.Token);
    }

    /// <summary>An operator changed the breaker, or a fresh token came: who waits asks again.</summary>
    public void AskAgain() => _asked.TrySetResult();

    /// <summary>Nobody is there: gives up a wait or a dial, until it is wanted again; what is open stays open. A wait then goes on where it was.</summary>
    public async Task RestAsync()
    {
        if (_wanted is null || _socket is not null)
            return;
        _desired = false;
        await CloseAsync(1000, "nobody is there");

        // Somebody came meanwhile.
        if (_desired)
            Want(_generation);
    }

    /// <summary>Closes the upstream and stays closed; returns when no socket is left.</summary>
    public Task StopAsync(int code, string reason)
    {
        _ended = true;
        return CloseAsync(code, reason);
    }

    private async Task CloseAsync(int code, string reason)
    {
        if (_wanted is not { } wanted)
            return;
        wanted.Cancel();
        if (_socket is { } socket)
            await socket.CloseAsync(UpstreamClose.ByGateway(code, reason), ClosePatience);
        await _running;
        wanted.Dispose();
        if (_wanted != wanted)
            return;
        _wanted = null;
        Change(UpstreamStatus.Idle);
    }

    private async Task KeepAsync(CancellationToken wanted)
    {
        try
        {
            if (_wait is { } begun && begun.Delay - _time.GetElapsedTime(begun.Since) is { Ticks: > 0 } left)
                await WaitAsync(left, Reason ?? "backoff", wanted);
            while (!wanted.IsCancellationRequested)
            {
                if (_gate.Health.Breaker.RetryAfter is { Ticks: > 0 } unhealthy)
                {
                    await WaitForHealthAsync(unhealthy, wanted);
                    continue;
                }

                var permit = _breaker.TryAcquire();
                if (!permit.Allowed)
                {
                    await WaitAsync(permit.RetryAfter, Reason ?? "breaker open", wanted);
                    continue;
                }

                // A null means that the backend turned out to be unhealthy while this user waited for its turn.
                if (await DialAndReceiveAsync(permit, wanted) is not { } wait)
                    continue;
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

    // Until the backend is well, or its next probe is due: whichever comes first.
    private async Task WaitForHealthAsync(TimeSpan delay, CancellationToken wanted)
    {
        var change = _gate.HealthChange;
        Reason = $"the backend is not well: {_gate.Health.Breaker.Snapshot.Detail}";
        RetryAt = _time.GetUtcNow() + delay;
        Change(UpstreamStatus.Waiting);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(wanted);
        await Task.WhenAny(change, Task.Delay(InWholeMilliseconds(delay + ProbeSpread * _random()), _time, stop.Token));
        stop.Cancel();
        wanted.ThrowIfCancellationRequested();
    }

    private async Task WaitAsync(TimeSpan delay, string reason, CancellationToken wanted)
    {
        Reason = reason;
        RetryAt = _time.GetUtcNow() + delay;
        _wait = (_time.GetTimestamp(), delay);
        Change(UpstreamStatus.Waiting);
        var over = _asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var due = _time.CreateTimer(static o => ((TaskCompletionSource)o!).TrySetResult(), over, InWholeMilliseconds(delay), Timeout.InfiniteTimeSpan);
        using var unwanted = wanted.UnsafeRegister(static o => ((TaskCompletionSource)o!).TrySetResult(), over);
        await over.Task;
        wanted.ThrowIfCancellationRequested();
        _wait = null;
    }

    // Delays count whole milliseconds and round down: rounded up here, or the last one would be spent in a busy loop.
    private static TimeSpan InWholeMilliseconds(TimeSpan delay) => TimeSpan.FromMilliseconds(Math.Ceiling(delay.TotalMilliseconds));

    private void Change(UpstreamStatus status)
    {
        Become(status);
        Changed?.Invoke();
    }

    // Nobody is told: what follows in the same turn tells.
    private void Become(UpstreamStatus status)
    {
        if (status is not UpstreamStatus.Waiting)
        {
            RetryAt = null;
            if (status is not UpstreamStatus.Connecting)
                Reason = null;
        }

        UpstreamMetrics.Changed(Status, status);
        if (status != Status)
            Since = _time.GetUtcNow();
        Status = status;
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
