using Connections.Core;
using Connections.Grains.Abstractions;
using Connections.Grains.Abstractions.Delivery;
using Connections.Grains.Abstractions.State;
using Connections.WebFront.Telemetry;

namespace Connections.WebFront.Sessions;

/// <summary>
/// One user on this front: the tabs, what they read, and the attachment to the user's grain, which is renewed whenever the owner moves
/// or falls silent. The grain's log is the truth: every hole in what was pushed is filled from it.
/// </summary>
internal sealed partial class UserSession
{
    private const int MaxStashedRuns = 256;

    // Tabs come in bursts: a browser that opens its windows again, a front that takes over another's. Each word of one costs a call, and a state for every tab.
    private static readonly TimeSpan ReportPause = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly SessionServices _services;
    private readonly IUserConnectionGrain _grain;
    private readonly SessionLog _log;
    private readonly SendLane _sends;
    private readonly List<(FeedRun Run, long Batch)> _stash = [];
    private readonly List<TaskCompletionSource> _waiting = [];
    private readonly TimeProvider _time;

    private Tab[] _tabs = [];
    private bool _attached;
    private bool _attaching;
    private bool _ended;
    private bool _repairing;
    private bool _reporting;
    private long _attachId;
    private long _generation;
    private long _lastBatch;
    private int _reportedTabs;
    private RelayToken? _token;

    public UserSession(UserId user, SessionServices services)
    {
        User = user;
        _services = services;
        _time = services.Time;
        _grain = services.Grains.GetGrain<IUserConnectionGrain>(user.Value);
        _log = new SessionLog(services.Options.Window);
        _sends = new SendLane(_grain, services.Options.MaxPendingSends);
        SessionMetrics.Began();
    }

    /// <summary>Whose.</summary>
    public UserId User { get; }

    /// <summary>The silo that delivers, or null while none does.</summary>
    public string? Silo { get; private set; }

    /// <summary>Where this front's log stands; null before the first attach.</summary>
    public FramePosition? Top
    {
        get
        {
            lock (_gate)
                return _log.Top;
        }
    }

    /// <summary>The tabs now.</summary>
    public IReadOnlyList<Tab> Tabs => _tabs;

    /// <summary>Runs a tab's pump.</summary>
    public void Run(Tab tab) => _services.Run(tab);

    /// <summary>Asks the owner how the connection stands now.</summary>
    public Task<ConnectionState> StateAsync() => _grain.GetState();

    /// <summary>Takes a tab in.</summary>
    /// <returns>False when the session has ended; take a new one.</returns>
    public bool TryAdd(Tab tab)
    {
        lock (_gate)
        {
            if (_ended)
                return false;
            _tabs = [.. _tabs, tab];
        }

        ReportTabs();
        return true;
    }

    /// <summary>Lets a tab go; the last one ends the session.</summary>
    /// <returns>Whether it was this that ended the session.</returns>
    public bool Remove(Tab tab)
    {
        lock (_gate)
        {
            _tabs = [.. _tabs.Where(t => t != tab)];
            if (_ended)
                return false;
            _ended = _tabs.Length == 0;
        }

        if (_ended)
            return true;
        ReportTabs();
        return false;
    }

    /// <summary>Ends the session while it has tabs: it attaches no more, whatever their lines do.</summary>
    /// <returns>Whether it was this that ended the session.</returns>
    public bool End()
    {
        lock (_gate)
            return !_ended && (_ended = true);
    }

    /// <summary>What a tab has to do next.</summary>
    public TabRead Read(FramePosition cursor, int resetVersion, int stateVersion)
    {
        lock (_gate)
            return _log.Read(cursor, resetVersion, stateVersion, _tabs.Length);
    }

    /// <summary>Reads what is no longer in this front's log from the grain's.</summary>
    /// <returns>The new cursor, the frames after it, and the gap before them if there is one.</returns>
    public async Task<(FramePosition Cursor, Frame[] Frames, Gap? Gap)> ReadOlderAsync(FramePosition cursor)
    {
        var read = await _grain.Read(cursor);
        return read.Refusal is Refusal.None
            ? (cursor, read.Frames, null)
            : (new FramePosition(read.Epoch, read.First - 1), read.Frames, new Gap(read.Refusal, read.First, read.Top, read.First));
    }

    /// <summary>Takes a run that a silo pushed.</summary>
    /// <param name="run">The run.</param>
    /// <param name="batch">The number of the batch that it came in, on its link.</param>
    /// <param name="here">Whether the thread that brings it writes it to the tabs too, in place of one for each.</param>
    /// <returns>False when the run is for an attachment that this front no longer has.</returns>
    public bool Deliver(FeedRun run, long batch, bool here)
    {
        lock (_gate)
        {
            if (_ended || run.AttachId < _attachId)
                return false;
            if (_attaching || run.AttachId > _attachId)
            {
                // Faster than the reply to the attach it belongs to.
                if (_stash.Count < MaxStashedRuns)
                    _stash.Add((run, batch));
                return true;
            }

            // Pushed again because its answer was lost, and perhaps late: what followed it is here already.
            if (batch <= _lastBatch)
                return true;
            Apply(run, batch);
        }

        Wake(here);
        if (run.Released)
            AttachAnew("the owner leaves");
        return true;
    }

    /// <summary>Evicts what is older than the window.</summary>
    public void Trim(long now)
    {
        lock (_gate)
            _log.Trim(now);
    }

    // Needs the lock.
    private void Apply(FeedRun run, long batch)
    {
        _lastBatch = batch;

        // A stale owner may go on for a moment after a partition: its frames are not of this log.
        if (run.Generation < _generation)
            return;
        _log.Apply(run);
        foreach (var receipt in run.Receipts ?? [])
        {
            foreach (var tab in _tabs)
                tab.Receipts.Offer(receipt);
        }

        if (_log.HasHole && !_repairing)
        {
            _repairing = true;
            _ = RepairAsync();
        }
    }

    private async Task RepairAsync()
    {
        try
        {
            while (true)
            {
                FramePosition top;
                lock (_gate)
                {
                    if (_ended || _attaching || !_log.HasHole)
                        return;
                    top = _log.Top!.Value;
                }

                SessionMetrics.Repaired();
                Log.Repairing(_services.Logger, User, top.Offset);
                var read = await _grain.Read(top);
                lock (_gate)
                {
                    if (!_attaching)
                        _log.Apply(read);
                }

                Wake();
            }
        }
        catch (Exception e) when (e is TimeoutException or OrleansException)
        {
            AttachAnew($"a hole could not be filled: {e.Message}");
        }
        finally
        {
            lock (_gate)
                _repairing = false;
        }
    }

    private void ReportTabs()
    {
        lock (_gate)
        {
            if (_reporting || _attaching || _ended || _reportedTabs == _tabs.Length || !_attached)
                return;
            _reporting = true;
        }

        _ = ReportAsync();

        async Task ReportAsync()
        {
            try
            {
                while (true)
                {
                    await Task.Delay(ReportPause, _time);
                    int tabs;
                    lock (_gate)
                    {
                        tabs = _tabs.Length;
                        if (_attaching || _ended || _reportedTabs == tabs)
                        {
                            // In the same moment: a tab that comes after it begins the next report.
                            _reporting = false;
                            return;
                        }

                        _reportedTabs = tabs;
                    }

                    CloseTabsBeyond(await _grain.SetTabs(_services.FrontId, Interlocked.Read(ref _attachId), tabs));
                }
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // The next attach says it again.
                lock (_gate)
                    _reporting = false;
            }
        }
    }

    // The newest ones go: who was here first stays.
    private void CloseTabsBeyond(int most)
    {
        foreach (var tab in _tabs.Skip(most))
            _ = tab.CloseAsync(CloseCode.TooManyTabs);
    }

    private void Wake(bool here = false)
    {
        foreach (var tab in _tabs)
            tab.Signal(here);
    }

    private static partial class Log
    {
        [LoggerMessage(600, LogLevel.Debug, "Attaching {User} anew: {Reason}")]
        public static partial void Attaching(ILogger logger, UserId user, string reason);

        [LoggerMessage(601, LogLevel.Debug, "Attach {Attempt} of {User} failed: {Error}")]
        public static partial void AttachFailed(ILogger logger, UserId user, int attempt, string error);

        [LoggerMessage(602, LogLevel.Debug, "Detach {Attempt} of {User} failed: {Error}")]
        public static partial void DetachFailed(ILogger logger, UserId user, int attempt, string error);

        [LoggerMessage(603, LogLevel.Debug, "Reading the frames of {User} after {Offset} that the push left out")]
        public static partial void Repairing(ILogger logger, UserId user, long offset);
    }
}
