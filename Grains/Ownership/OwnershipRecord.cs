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
internal sealed partial class OwnershipRecord(IPersistentState<StoredConnection> storage, string owner, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(5);

    private Task _writing = Task.CompletedTask;
    private Task? _acquiring;
    private bool _dirty;
    private bool _clean;
    private ulong _epoch;
    private long _top;
    private BreakerSnapshot? _breaker = storage.State.Breaker;

    /// <summary>This owner's generation; 0 before <see cref="AcquireAsync"/>.</summary>
    public long Generation { get; private set; }

    /// <summary>Whether another owner took the user.</summary>
    public bool IsLost { get; private set; }

    /// <summary>Raised once, when another owner took the user.</summary>
    public event Action? Lost;

    /// <summary>The breaker as the last owner left it.</summary>
    public BreakerSnapshot? StoredBreaker => storage.State.Breaker;

    /// <summary>Where the last owner's log ended, if it left in order.</summary>
    public FramePosition? CleanEnd =>
        storage.State is { Clean: true, Epoch: { } epoch } state && FramePosition.TryParse($"{epoch}-{state.Top}", out var position) ? position : null;

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
            WriteInBackground();
    }

    /// <summary>Signs off: the next owner goes on from <paramref name="top"/>.</summary>
    public async Task ReleaseAsync(FramePosition top)
    {
        if (Generation == 0 || IsLost)
            return;
        _clean = true;
        _epoch = top.Epoch;
        _top = top.Offset;
        await WriteAsync();
    }

    private async Task AcquireOnceAsync(ulong epoch)
    {
        _epoch = epoch;
        for (var attempt = 1; ; attempt++)
        {
            var mine = storage.State.Generation + 1;
            Fill(storage.State, mine);
            try
            {
                await storage.WriteStateAsync();
                Generation = mine;
                return;
            }
            catch (InconsistentStateException e)
            {
                // Somebody wrote between our read and our write. Callers are led to us, so the other is the older one: raise again.
                await storage.ReadStateAsync();
                if (storage.State.Owner == owner)
                {
                    Generation = storage.State.Generation;
                    return;
                }

                Log.AcquireConflict(logger, mine, storage.State.Generation, e);
                if (attempt == 3)
                    throw;
            }
        }
    }

    private void WriteInBackground()
    {
        _dirty = true;
        if (_writing.IsCompleted)
            _writing = RetryAsync();

        async Task RetryAsync()
        {
            while (_dirty && !IsLost)
            {
                try
                {
                    await DrainAsync();
                }
                catch (Exception e) when (e is not OutOfMemoryException)
                {
                    Log.WriteFailed(logger, Generation, e);
                    await Task.Delay(RetryPause, time);
                    _dirty = !_clean;
                }
            }
        }
    }

    private async Task WriteAsync()
    {
        _dirty = true;
        await Task.WhenAny(_writing, Task.Delay(RetryPause, time));
        if (_dirty)
            await DrainAsync();
    }

    private async Task DrainAsync()
    {
        while (_dirty && !IsLost)
        {
            _dirty = false;
            Fill(storage.State, Generation);
            try
            {
                await storage.WriteStateAsync();
            }
            catch (InconsistentStateException)
            {
                await storage.ReadStateAsync();
                if (storage.State.Generation > Generation && storage.State.Owner != owner)
                {
                    IsLost = true;
                    Lost?.Invoke();
                    return;
                }

                _dirty = true;
            }
        }
    }

    private void Fill(StoredConnection state, long generation)
    {
        state.Generation = generation;
        state.Owner = owner;
        state.Clean = _clean;
        state.Epoch = FramePosition.FormatEpoch(_epoch);
        state.Top = _top;
        state.Breaker = _breaker;
    }

    private static partial class Log
    {
        [LoggerMessage(300, LogLevel.Warning, "Taking generation {Generation} met generation {Stored} of another owner")]
        public static partial void AcquireConflict(ILogger logger, long generation, long stored, Exception error);

        [LoggerMessage(301, LogLevel.Warning, "The state of generation {Generation} could not be stored; it will be tried again")]
        public static partial void WriteFailed(ILogger logger, long generation, Exception error);
    }
}
