using Connections.Core;
using Connections.Grains.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Connections.Grains.Upstream;

/// <summary>
/// What all users of this silo pass on their way to the backend: the health of the backend as a whole, and the dial budget. So a dead backend
/// sees one probe per silo, and one that recovers sees a ramp.
/// </summary>
/// <remarks>
/// The budget is the cluster's, divided by the live silos. A smaller share holds at once and a larger one only after
/// <see cref="RaiseAfter"/>, because silos learn of each other at different times and must not spend the same share twice.
/// </remarks>
internal sealed partial class DialGate : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan RaiseAfter = TimeSpan.FromSeconds(5);

    private readonly UpstreamOptions _options;
    private readonly Func<int> _liveSilos;
    private readonly TimeProvider _time;
    private readonly ILogger<DialGate> _logger;
    private readonly IDisposable _metrics;
    private readonly int _most;
    private int _held;
    private TaskCompletionSource _healthChanged = New();
    private long _raiseWantedSince;

    public DialGate(IOptions<UpstreamOptions> options, ISiloStatusOracle silos, TimeProvider time, ILogger<DialGate> logger)
    {
        _options = options.Value;
        _liveSilos = () => silos.GetApproximateSiloStatuses(onlyActive: true).Count;
        _time = time;
        _logger = logger;
        Health = new UpstreamHealth(_options.Health, time);
        Health.Breaker.Transitioned += OnHealthChanged;

        // Over HTTP/2 users share them.
        _most = _options.Http2 is Http2Use.Off ? _options.MaxConnections ?? int.MaxValue : int.MaxValue;

        // Before the first look at the membership, others may be spending the whole budget: begin with a half of it.
        Budget = new DialBudget(_options.DialsPerSecond / 2, _options.MaxConcurrentDials, time);
        _metrics = UpstreamMetrics.Observe(Budget);
        BreakerMetrics.Added(BreakerMetrics.Upstream, Health.Breaker.State);
    }

    /// <summary>The backend as a whole.</summary>
    public UpstreamHealth Health { get; }

    /// <summary>The pace of dials.</summary>
    public DialBudget Budget { get; }

    /// <summary>Completes when the health changes next: whoever waits for it looks again.</summary>
    public Task HealthChange => Volatile.Read(ref _healthChanged).Task;

    /// <summary>Takes a place for a connection to the backend, from before its dial until after its end.</summary>
    /// <returns>Null when this silo has as many as it may: it would have no file left for anything else.</returns>
    public IDisposable? TryHold()
    {
        if (Interlocked.Increment(ref _held) <= _most)
            return new Place(this);
        Interlocked.Decrement(ref _held);
        return null;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _metrics.Dispose();
        Budget.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, _time);
        try
        {
            do
                FollowMembership();
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
    }

    private void FollowMembership()
    {
        var share = DialBudget.ShareOf(_options.DialsPerSecond, _liveSilos());
        if (share <= Budget.Rate)
        {
            _raiseWantedSince = 0;
            if (share < Budget.Rate)
                Budget.SetRate(share);
        }
        else if (_raiseWantedSince == 0)
        {
            _raiseWantedSince = _time.GetTimestamp();
        }
        else if (_time.GetElapsedTime(_raiseWantedSince) >= RaiseAfter)
        {
            _raiseWantedSince = 0;
            Budget.SetRate(share);
        }
    }

    private void OnHealthChanged(BreakerTransition transition)
    {
        BreakerMetrics.Transitioned(BreakerMetrics.Upstream, transition);
        Log.HealthChanged(_logger, transition.From, transition.To, transition.Reason, transition.Snapshot.Detail);
        Interlocked.Exchange(ref _healthChanged, New()).TrySetResult();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Place(DialGate gate) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref gate._held);
    }

    private static partial class Log
    {
        [LoggerMessage(110, LogLevel.Warning, "Health of the upstream: {From} -> {To} ({Reason}: {Detail})")]
        public static partial void HealthChanged(
            ILogger logger, BreakerState from, BreakerState to, BreakerTransitionReason reason, string? detail);
    }
}
