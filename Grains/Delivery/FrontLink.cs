using System.Collections.Concurrent;
using System.Threading.Channels;
using Connections.Grains.Abstractions;
using Connections.Grains.Abstractions.Delivery;
using Connections.Grains.Telemetry;
using Microsoft.Extensions.Logging;

namespace Connections.Grains.Delivery;

/// <summary>
/// The way from this silo to one front: collects what many users' fronts lack into batches, of which a user is in one at a time until it is answered. Through
/// Orleans exactly one batch is in flight, because it reorders otherwise. An idle link sends an empty batch as heartbeat.
/// </summary>
/// <remarks>
/// The queue holds attachments that lack something, each at most once, and never frames: a front that is slow costs a cursor that
/// lags, and copies of the few frames on their way. A batch whose outcome is unknown is sent again as it was; the front drops what it has.
/// </remarks>
internal sealed partial class FrontLink : IAsyncDisposable
{
    private const int MaxRuns = 1_024;
    private const int MaxFramesPerRun = 1_024;
    private const int MaxBytesPerRun = 256 << 10;
    private const int MaxBytesPerBatch = 512 << 10;

    // A front that is dead answers the first batch after the 3 s timeout of a call and the next ones at once. One whose gateway was on a
    // silo that died is back within a second or two: it must not be dropped for that.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(200);

    // Attachments that lack something; null is a beat of the heart. One reads at a time, but others look whether there is anything.
    private readonly Channel<FeedSubscription?> _queue = Channel.CreateUnbounded<FeedSubscription?>();
    private readonly ConcurrentDictionary<FeedSubscription, bool> _subscriptions = [];
    private readonly ConcurrentQueue<FeedRun> _farewells = [];

    // The attachments that have a run in a batch without an answer.
    private readonly HashSet<FeedSubscription> _inFlight = [];

    // What the one who composes collects; a batch has arrays of just its size.
    private readonly List<FeedRun> _runs = [];
    private readonly List<(FeedSubscription, RunMark)> _marks = [];

    // Batches without an answer, oldest first.
    private readonly Queue<OpenBatch> _open = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly IFrontSink _sink;
    private readonly IGrainFactory _grains;
    private readonly TimeSpan _heartbeat;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Task _running;
    private long _sequence;
    private int _beats;

    public FrontLink(string frontId, IFrontSink sink, string name, TimeSpan heartbeat, IGrainFactory grains, TimeProvider time, ILogger logger, TaskScheduler? scheduler = null)
    {
        FrontId = frontId;
        _sink = sink;
        Name = name;
        _heartbeat = heartbeat;
        _grains = grains;
        _time = time;
        _logger = logger;

        LinkMetrics.Opened();

        // Links are made inside grain calls and must not live on one activation's scheduler.
        _running = Task.Factory.StartNew(RunAsync, CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler ?? TaskScheduler.Default).Unwrap();
    }

    /// <summary>Its name in batches: the silo, in Orleans' own form, and a number, so that neither a restarted silo nor a new link is taken for the old one.</summary>
    public string Name { get; }

    /// <summary>The front.</summary>
    public string FrontId { get; }

    /// <summary>Whether the front stopped answering; a lost link never comes back, its front attaches anew.</summary>
    public bool IsLost { get; private set; }

    /// <summary>Raised once, when the front is lost or the link was closed.</summary>
    public event Action<FrontLink>? Ended;

    /// <summary>An attachment begins; it is told when the front is lost.</summary>
    public void Add(FeedSubscription subscription)
    {
        _subscriptions.TryAdd(subscription, true);
        if (IsLost)
            Lose(subscription);
    }

    /// <summary>An attachment ended.</summary>
    public void Remove(FeedSubscription subscription) => _subscriptions.TryRemove(subscription, out _);

    /// <summary>An attachment lacks something.</summary>
    public void Enqueue(FeedSubscription subscription)
    {
        _queue.Writer.TryWrite(subscription);
        OnWork();
    }

    /// <summary>An attachment has ended on this side, and its front may not know: it is told with the next batch, for the link outlives the feed.</summary>
    public void Farewell(FeedRun last)
    {
        _farewells.Enqueue(last);
        Beat();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        StopPump();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        using var heartbeat = _time.CreateTimer(static link => ((FrontLink)link!).Beat(), this, _heartbeat, _heartbeat);
        try
        {
            while (await _queue.Reader.WaitToReadAsync(_stop.Token))
            {
                // What a line has left open when it broke goes through Orleans, as what comes before there is one.
                if (Volatile.Read(ref _line) is { } line)
                    await PumpAsync(line);
                else if (Compose(MaxRuns, MaxBytesPerBatch) is { } batch)
                    _open.Enqueue(batch);
                if (!await DeliverOpenAsync())
                    break;
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The silo stops.
        }

        GiveUp();
    }

    // While a batch is under way one beat waits, not one a second.
    private void Beat()
    {
        if (Interlocked.Exchange(ref _beats, 1) != 0)
            return;
        _queue.Writer.TryWrite(null);
        OnWork();
    }

    // Null when nobody lacks anything, and no heartbeat is due. Those who have a run in flight stay in the queue: what they lack is known with its answer.
    private OpenBatch? Compose(int maxRuns, int maxBytes)
    {
        var beats = false;
        var bytes = 0;
        List<FeedSubscription>? again = null;
        while (_runs.Count < maxRuns && _farewells.TryDequeue(out var last))
            _runs.Add(last);
        while (_runs.Count < maxRuns && bytes < maxBytes && _queue.Reader.TryRead(out var subscription))
        {
            if (subscription is null)
            {
                Volatile.Write(ref _beats, 0);
                beats = true;
                continue;
            }

            if (_inFlight.Contains(subscription))
            {
                (again ??= []).Add(subscription);
                continue;
            }

            subscription.Dequeued();
            if (subscription.Feed.TakeRun(subscription, MaxFramesPerRun, Math.Min(MaxBytesPerRun, maxBytes), out var mark) is not { } run)
                continue;
            _runs.Add(run);
            _marks.Add((subscription, mark));
            _inFlight.Add(subscription);
            bytes += DirectWire.BytesOf(run);
        }

        // Whoever composes looks at the queue once more before he leaves: nobody is to be woken for them.
        again?.ForEach(s => _queue.Writer.TryWrite(s));
        if (_runs.Count == 0 && !beats)
            return null;
        var batch = Numbered([.. _runs], [.. _marks], bytes, beats);
        _runs.Clear();
        _marks.Clear();
        return batch;
    }

    private OpenBatch Numbered(FeedRun[] runs, (FeedSubscription, RunMark)[] marks, int bytes, bool beats) =>
        new(new FrameBatch { Silo = Name, Sequence = ++_sequence, Runs = runs }, marks, bytes, beats);

    private async Task<bool> DeliverOpenAsync()
    {
        while (_open.TryPeek(out var batch))
        {
            if (await DeliverAsync(batch.Batch) is not { } ack)
                return false;
            Settle(ack);
        }

        return true;
    }

    private async Task<BatchAck?> DeliverAsync(FrameBatch batch)
    {
        var started = _time.GetTimestamp();
        var lags = false;
        try
        {
            while (true)
            {
                try
                {
                    var ack = await _sink.Deliver(batch).WaitAsync(_stop.Token);
                    Acknowledged(batch, _time.GetElapsedTime(started));
                    return ack;
                }
                catch (Exception e)
                {
                    // A silo that stops fails its calls in ways of its own.
                    _stop.Token.ThrowIfCancellationRequested();
                    LinkMetrics.Failed();
                    if (_time.GetElapsedTime(started) > Patience)
                    {
                        Log.FrontLost(_logger, FrontId, e.Message);
                        return null;
                    }

                    if (!lags)
                        LinkMetrics.Lags();
                    lags = true;
                    Log.BatchFailed(_logger, FrontId, batch.Sequence, e.Message);
                    await Task.Delay(RetryPause, _time, _stop.Token);
                }
            }
        }
        finally
        {
            if (lags)
                LinkMetrics.CaughtUp();
        }
    }

    // The oldest batch is answered.
    private void Settle(BatchAck ack)
    {
        foreach (var (subscription, mark) in _open.Dequeue().Marks)
        {
            _inFlight.Remove(subscription);
            subscription.Acknowledged(mark);
            if (ack.UnknownAttachIds?.Contains(subscription.AttachId) == true)
                Detach(subscription);
        }
    }

    private void GiveUp()
    {
        IsLost = true;
        StopPump();
        LinkMetrics.Ended(lost: !_stop.IsCancellationRequested);
        Ended?.Invoke(this);
        foreach (var (subscription, _) in _subscriptions)
            Lose(subscription);
    }

    private void Lose(FeedSubscription subscription)
    {
        subscription.Lost();
        if (!_stop.IsCancellationRequested)
            Detach(subscription);
    }

    private void Detach(FeedSubscription subscription) =>
        _grains.GetGrain<IUserConnectionGrain>(subscription.Feed.UserId).Detach(FrontId, subscription.AttachId).Ignore();

    private static partial class Log
    {
        [LoggerMessage(200, LogLevel.Debug, "Batch {Sequence} to front {Front} failed and is sent again: {Error}")]
        public static partial void BatchFailed(ILogger logger, string front, long sequence, string error);

        [LoggerMessage(201, LogLevel.Warning, "Front {Front} does not answer and is dropped: {Error}")]
        public static partial void FrontLost(ILogger logger, string front, string error);

        [LoggerMessage(202, LogLevel.Debug, "The direct connection of front {Front} broke: {Error}")]
        public static partial void LineBroke(ILogger logger, string front, string error);
    }
}
