using Connections.Core;
using Connections.Grains.Abstractions.Api;
using Connections.Grains.Abstractions.State;
using Connections.Grains.Abstractions.Streams;
using Connections.Grains.Events;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace Connections.Grains.Breakers;

/// <summary>The breaker of one route, for all fronts; stored at each transition.</summary>
[Reentrant]
internal sealed partial class ApiBreakerGrain(
    [PersistentState("api-breaker", StorageNames.Connections)] IPersistentState<StoredApiBreaker> storage,
    EventPublisher events,
    Orleans.Runtime.ILocalSiloDetails silo,
    TimeProvider time,
    ILogger<ApiBreakerGrain> logger) : Grain, IApiBreakerGrain
{
    // A front reports once a second.
    private static readonly TimeSpan WatcherPatience = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, (IApiBreakerWatcher Watcher, long Seen)> _watchers = new(StringComparer.Ordinal);
    private readonly MoveHistory _history = new();
    private SharedBreaker _shared = null!;
    private bool _dirty;
    private Task _storing = Task.CompletedTask;

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        // The rules come with the first report: until then the defaults hold.
        _shared = new SharedBreaker(new BreakerOptions(), time, storage.State.Breaker);
        _shared.Transitioned += OnTransitioned;
        if (storage.State.Term == 0)
            storage.State.Term = Random.Shared.NextInt64(1, long.MaxValue);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<ApiBreakerView> Report(ApiBreakerReport report)
    {
        _shared.Use(report.Rules);
        _watchers[report.FrontId] = (report.Watcher, time.GetTimestamp());
        foreach (var (front, (_, seen)) in _watchers)
        {
            if (time.GetElapsedTime(seen) > WatcherPatience)
                Drop(front);
        }

        _shared.Report(
            report.FrontId, report.Successes, report.Failures, report.LastSuccessAgoMs is { } ago ? TimeSpan.FromMilliseconds(ago) : null);
        if (_dirty)
            Store();
        return Task.FromResult(View());
    }

    /// <inheritdoc/>
    public Task<ApiBreakerView> Trip(ApiBreakerTrip trip)
    {
        // A trip that overtook a transition is of a breaker that no longer is.
        if (trip.Term == storage.State.Term && trip.Version == storage.State.Version)
        {
            var spread = _shared.Trip(
                trip.FrontId, TimeSpan.FromMilliseconds(trip.FailingForMs), $"{trip.FrontId}: {trip.Detail}", Span(trip.RetryAfterMs));
            if (!spread)
                Log.NotSpread(logger, Name, trip.FrontId);
        }

        return Task.FromResult(View());
    }

    /// <inheritdoc/>
    public Task<ApiProbeReply> AcquireProbe()
    {
        if (_shared.Breaker.State is BreakerState.Closed or BreakerState.ForcedClosed)
            return Task.FromResult(new ApiProbeReply(null, 0, View()));
        var permit = _shared.Breaker.TryAcquire();
        return Task.FromResult(new ApiProbeReply(permit.Allowed ? permit.Id : null, (long)permit.RetryAfter.TotalMilliseconds, View()));
    }

    /// <inheritdoc/>
    public Task<ApiBreakerView> ReportProbe(ApiProbeOutcome outcome)
    {
        _shared.ProbeEnded(outcome.FrontId, outcome.ProbeId, outcome.Succeeded, $"{outcome.FrontId}: {outcome.Detail}", Span(outcome.RetryAfterMs));
        return Task.FromResult(View());
    }

    /// <inheritdoc/>
    public async Task<ApiBreakerView> Command(BreakerCommand command, string detail)
    {
        switch (command)
        {
            case BreakerCommand.ForceOpen:
                _shared.Breaker.ForceOpen(detail);
                break;
            case BreakerCommand.ForceClosed:
                _shared.Breaker.ForceClosed(detail);
                break;
            default:
                _shared.Breaker.Reset(detail);
                break;
        }

        // Who commands wants to know that it will hold.
        await _storing;
        if (_dirty)
            throw new OrleansException($"The breaker of route {Name} is {_shared.Breaker.State} now, but the store did not take it.");
        return View();
    }

    /// <inheritdoc/>
    public Task<ApiBreakerExplanation> Explain() =>
        Task.FromResult(new ApiBreakerExplanation(View(), silo.SiloAddress.ToParsableString(), [.. _watchers.Keys.Order(StringComparer.Ordinal)], _history.ToArray()));

    private string Name => this.GetPrimaryKeyString();

    private void OnTransitioned(BreakerTransition transition)
    {
        storage.State.Version++;
        storage.State.Breaker = transition.Snapshot;
        _history.Add(transition);
        Log.Changed(logger, Name, transition.From, transition.To, transition.Reason, transition.Snapshot.Detail);
        events.Publish(ConnectionEventKind.ApiBreakerChanged, Name, $"{transition.From} -> {transition.To}: {transition.Reason}");
        Store();
        var view = View(transition.Snapshot);
        foreach (var (front, (watcher, _)) in _watchers)
            _ = TellAsync(front, watcher, view);
    }

    private async Task TellAsync(string front, IApiBreakerWatcher watcher, ApiBreakerView view)
    {
        try
        {
            await watcher.Changed(view);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // It has gone, or will hear with its next report.
            Log.NotTold(logger, Name, front, e.Message);
            Drop(front);
        }
    }

    private void Drop(string front)
    {
        _watchers.Remove(front);
        _shared.Forget(front);
    }

    // In the background: no request waits for the store, and one that is away gets it with a later report.
    private void Store()
    {
        _dirty = true;
        if (_storing.IsCompleted)
            _storing = StoreAsync();
    }

    private async Task StoreAsync()
    {
        try
        {
            while (_dirty)
            {
                _dirty = false;
                await StoreOnceAsync();
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _dirty = true;
            Log.NotStored(logger, Name, e);
        }
    }

    private async Task StoreOnceAsync()
    {
        try
        {
            await storage.WriteStateAsync();
        }
        catch (Orleans.Storage.InconsistentStateException)
        {
            // An earlier activation's last write, or one of ours whose answer got lost: what is here is newer.
            var (term, version, breaker) = (storage.State.Term, storage.State.Version, storage.State.Breaker);
            await storage.ReadStateAsync();
            storage.State.Version = storage.State.Term == term ? Math.Max(version, storage.State.Version + 1) : version;
            (storage.State.Term, storage.State.Breaker) = (term, breaker);
            await storage.WriteStateAsync();
        }
    }

    private ApiBreakerView View() => View(_shared.Breaker.Snapshot);

    private ApiBreakerView View(BreakerSnapshot breaker) => new(
        Name,
        storage.State.Term,
        storage.State.Version,
        breaker.State,
        breaker.OpenUntil is { } until ? Math.Max(0, (long)(until - time.GetUtcNow()).TotalMilliseconds) : null,
        breaker.Trips,
        breaker.Detail);

    private static TimeSpan? Span(long? milliseconds) => milliseconds is { } ms ? TimeSpan.FromMilliseconds(ms) : null;

    private static partial class Log
    {
        [LoggerMessage(900, LogLevel.Information, "Breaker of route {Route}: {From} -> {To} ({Reason}; {Detail})")]
        public static partial void Changed(
            ILogger logger, string route, BreakerState from, BreakerState to, BreakerTransitionReason reason, string? detail);

        [LoggerMessage(901, LogLevel.Warning, "Front {Front} alone cannot reach the backend of route {Route}: other fronts do")]
        public static partial void NotSpread(ILogger logger, string route, string front);

        [LoggerMessage(902, LogLevel.Debug, "Front {Front} could not be told of route {Route}: {Error}")]
        public static partial void NotTold(ILogger logger, string route, string front, string error);

        [LoggerMessage(903, LogLevel.Warning, "The breaker of route {Route} could not be stored; it will be tried again")]
        public static partial void NotStored(ILogger logger, string route, Exception error);
    }
}
