using Connections.Core;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace Connections.Grains.Ownership;

/// <summary>
/// The fence and the memory of one activation: raises the generation before the first dial, keeps the breaker's transitions, and signs
/// off with the end of the log. One write at a time, guarded by the store's ETag; what changes meanwhile goes with the next.
/// </summary>
/// <remarks>
/// A write whose answer got lost makes the next one conflict with itself: on a conflict the record is read again, and only a newer
/// generation of another owner means that the user is lost. A record that vanished (a flushed store) is written anew.
/// </remarks>
internal sealed partial class OwnershipRecord
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(5);

    private readonly IPersistentState<StoredConnection> _storage;
    private readonly string _owner;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly List<TaskCompletionSource> _waiting = [];

    private Task? _acquiring;
    private bool _writing;
    private bool _dirty;
    private bool _clean;
    private ulong _epoch;
    private long _top;
    private BreakerSnapshot? _breaker;
    private OutboxContent? _outbox;

    /// <summary>Makes the record of an activation whose stored state has been read.</summary>
    /// <param name="storage">The stored state.</param>
    /// <param name="owner">The activation's name.</param>
    /// <param name="keepOutbox">Whether the stored outbox stays stored once this owner has it. Of an outbox in memory it must not: after a
    /// crash its messages would be sent again.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    public OwnershipRecord(IPersistentState<StoredConnection> storage, string owner, bool keepOutbox, TimeProvider time, ILogger logger)
    {
        _storage = storage;
        _owner = owner;
        _time = time;
        _logger = logger;
        _breaker = StoredBreaker = storage.State.Breaker;
        StoredOutbox = storage.State.Outbox;
        LeftInOrder = storage.State.Clean;
        _outbox = keepOutbox ? StoredOutbox : null;
    }

    /// <summary>This owner's generation; 0 before <see cref="AcquireAsync"/>.</summary>
    public long Generation { get; private set; }

    /// <summary>Whether another owner took the user.</summary>
    public bool IsLost { get; private set; }

    /// <summary>Raised once, when another owner took the user.</summary>
    public event Action? Lost;

    /// <summary>The breaker as the last owner left it.</summary>
    public BreakerSnapshot? StoredBreaker { get; }

    /// <summary>Where the last owner's log ended, if it left in order.</summary>
    public FramePosition? CleanEnd =>
        _storage.State is { Clean: true, Epoch: { } epoch } state && FramePosition.TryParse($"{epoch}-{state.Top}", out var position) ? position : null;

    /// <summary>Makes this activation the owner, unless it is already.</summary>
    /// <param name="epoch">The epoch of its log.</param>
    /// <exception cref="OrleansException">The store did not take it; ask again later, and do not dial meanwhile.</exception>
    public Task AcquireAsync(ulong epoch)
    {
        if (Generation > 0)
            return Task.CompletedTask;
        if (_acquiring is null or { IsFaulted: true })
            _acquiring = AcquireOnceAsync(epoch);
        return _acquiring;
    }

    /// <summary>Keeps a transition of the breaker, in the background: nothing waits for it, and a store that is away gets it later.</summary>
    public void KeepBreaker(BreakerSnapshot snapshot)
    {
        _breaker = snapshot;
        if (Generation > 0)
            Write();
    }

    /// <summary>Whether the last owner signed off: else it may have done more than is stored.</summary>
    public bool LeftInOrder { get; }

    /// <summary>What waited in the last owner's outbox.</summary>
    public OutboxContent? StoredOutbox { get; }

    /// <summary>Keeps the outbox; completes when it is stored.</summary>
    public Task KeepOutboxAsync(OutboxContent outbox)
    {
        _outbox = outbox;
        return WriteAsync();
    }

    /// <summary>Signs off: the next owner goes on from <paramref name="top"/>, with what waits in the outbox.</summary>
    public async Task ReleaseAsync(FramePosition top, OutboxContent? outbox)
    {
        if (Generation == 0 || IsLost)
            return;
        _clean = true;
        _outbox = outbox;
        _epoch = top.Epoch;
        _top = top.Offset;
        await WriteAsync();
    }

    private async Task AcquireOnceAsync(ulong epoch)
    {
        _epoch = epoch;
        for (var attempt = 1; ; attempt++)
        {
            var mine = _storage.State.Generation + 1;
            var stored = _storage.State with { };
            Fill(mine);
            try
            {
                await _storage.WriteStateAsync();
                Generation = mine;
                _acquiring = null;
                return;
            }
            catch (InconsistentStateException e)
            {
                // Somebody wrote between our read and our write. Callers are led to us, so the other is the older one: raise again.
                await _storage.ReadStateAsync();
                if (_storage.State.Owner == _owner)
                {
                    Generation = _storage.State.Generation;
                    return;
                }

                Log.AcquireConflict(_logger, mine, _storage.State.Generation, e);
                if (attempt == 3)
                    throw;
            }
            catch
            {
                // What was not taken must not move on to another silo as if it were stored: the last owner's log and outbox would end with it.
                _storage.State = stored;
                throw;
            }
        }
    }

    private Task WriteAsync()
    {
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting.Add(written);
        Write();
        return written.Task;
    }

    private void Write()
    {
        _dirty = true;
        if (_writing)
            return;
        _writing = true;
        _ = WriteAllAsync();
    }

    private async Task WriteAllAsync()
    {
        while (_dirty && !IsLost)
        {
            _dirty = false;
            TaskCompletionSource[] waiting = [.. _waiting];
            _waiting.Clear();
            try
            {
                await WriteOnceAsync();
                Telemetry.UserMetrics.Stored();
                Array.ForEach(waiting, w => w.TrySetResult());
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                Log.WriteFailed(_logger, Generation, e);
                Telemetry.UserMetrics.StoreFailed();
                Array.ForEach(waiting, w => w.TrySetException(e));

                // Who leaves has been told; a transition is tried again.
                if (!_clean)
                {
                    await Task.Delay(RetryPause, _time);
                    _dirty = true;
                }
            }
        }

        _writing = false;
        _waiting.ForEach(w => w.TrySetCanceled());
        _waiting.Clear();
    }

    private async Task WriteOnceAsync()
    {
        Fill(Generation);
        try
        {
            await _storage.WriteStateAsync();
        }
        catch (InconsistentStateException)
        {
            await _storage.ReadStateAsync();
            if (_storage.State.Generation > Generation && _storage.State.Owner != _owner)
            {
                IsLost = true;
                Lost?.Invoke();
                return;
            }

            Fill(Generation);
            await _storage.WriteStateAsync();
        }
    }

    private void Fill(long generation)
    {
        var state = _storage.State;
        state.Generation = generation;
        state.Owner = _owner;
        state.Clean = _clean;
        state.Epoch = FramePosition.FormatEpoch(_epoch);
        state.Top = _top;
        state.Breaker = _breaker;
        state.Outbox = _outbox;
    }

    private static partial class Log
    {
        [LoggerMessage(300, LogLevel.Warning, "Taking generation {Generation} met generation {Stored} of another owner")]
        public static partial void AcquireConflict(ILogger logger, long generation, long stored, Exception error);

        [LoggerMessage(301, LogLevel.Warning, "The state of generation {Generation} could not be stored; it will be tried again")]
        public static partial void WriteFailed(ILogger logger, long generation, Exception error);
    }
}
