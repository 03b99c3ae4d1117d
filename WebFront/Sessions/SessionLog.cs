using Connections.Core;
using Connections.Grains.Abstractions.Delivery;
using Connections.Grains.Abstractions.State;

namespace Connections.WebFront.Sessions;

/// <summary>
/// What a front holds of one user: the frames it was sent and the newest state. Decides for each run what is new, what was here already
/// and where a hole is, and for each tab what to do next. Not thread-safe; pure.
/// </summary>
internal sealed class SessionLog(ReplayWindow window)
{
    private const int MaxFramesPerRange = 256;
    private const int MaxBytesPerRange = 64 << 10;

    private ReplayLog? _log;
    private FrameRange? _lastRange;
    private bool _lastRangeIsFull;
    private int _lastRangeReads;
    private long _hint;

    /// <summary>How the connection stands; null before the first attach.</summary>
    public ConnectionState? State { get; private set; }

    /// <summary>Counts the changes of <see cref="State"/>.</summary>
    public int StateVersion { get; private set; }

    /// <summary>Counts the times the frames were replaced instead of continued.</summary>
    public int ResetVersion { get; private set; }

    /// <summary>Where the log stands; null before the first attach.</summary>
    public FramePosition? Top => _log?.TopPosition;

    /// <summary>Whether frames are known to exist that are not here.</summary>
    public bool HasHole => _log is not null && _hint > _log.Top;

    /// <summary>Whether every frame after the position is here.</summary>
    public bool Covers(FramePosition position) => _log?.Check(position) is Refusal.None;

    /// <summary>Takes the log's continuation, or its replacement when the owner could not continue it.</summary>
    public void Apply(ReadReply reply)
    {
        if (_log is null || reply.Refusal is not Refusal.None || reply.Epoch != _log.Epoch)
        {
            if (_log is not null)
                ResetVersion++;
            _log?.Clear();
            _log = new ReplayLog(window, reply.Epoch, reply.Top - reply.Frames.Length);
            _lastRange = null;
            _hint = 0;
        }

        Append(reply.Frames);
        _hint = Math.Max(_hint, reply.Top);
    }

    /// <summary>Takes a pushed run; see <see cref="HasHole"/> afterwards.</summary>
    public void Apply(FeedRun run)
    {
        if (run.State is not null)
            Apply(run.State);
        if (_log is null || run.Epoch != _log.Epoch || run.Frames.Length == 0)
            return;
        var (before, last) = (_log.Top, run.Frames[^1].Offset);
        _hint = Math.Max(_hint, last);
        Append(run.Frames);
        if (before < last && last == _log.Top)
            KeepAsItCame(new FrameRange(run.Epoch, run.Frames));
    }

    /// <summary>Takes the newest state.</summary>
    public void Apply(ConnectionState state)
    {
        State = state;
        StateVersion++;
    }

    /// <summary>Evicts what is older than the window, and forgets what a tab that never reads has left.</summary>
    public void Trim(long now)
    {
        _log?.Trim(now);
        _lastRange = null;
    }

    /// <summary>What a tab has to do next.</summary>
    /// <param name="cursor">What it has.</param>
    /// <param name="resetVersion">Which reset it has seen.</param>
    /// <param name="stateVersion">Which state it was told.</param>
    /// <param name="tabs">How many tabs there are.</param>
    public TabRead Read(FramePosition cursor, int resetVersion, int stateVersion, int tabs)
    {
        if (_log is not { } log)
            return default;
        if (cursor.Epoch != log.Epoch)
        {
            var gap = new Gap(Refusal.EpochChanged, log.First, log.Top, log.First);
            return new TabRead(TabReadKind.Restart, Gap: gap, Cursor: new FramePosition(log.Epoch, log.First - 1), ResetVersion: ResetVersion);
        }

        if (cursor.Offset < log.First - 1)
            return new TabRead(resetVersion == ResetVersion ? TabReadKind.TooSlow : TabReadKind.Behind, ResetVersion: ResetVersion);
        if (cursor.Offset < log.Top)
            return new TabRead(TabReadKind.Frames, RangeAfter(log, cursor.Offset, tabs));
        return stateVersion != StateVersion ? new TabRead(TabReadKind.State, State: State, StateVersion: StateVersion) : default;
    }

    // Kept for the tabs that stand at the same place, and no longer: what lies about for each user until its next message is a collector's work.
    private FrameRange RangeAfter(ReplayLog log, long after, int tabs)
    {
        if (_lastRange is not { } range || range.After != after || (range.End.Offset < log.Top && !_lastRangeIsFull))
        {
            range = new FrameRange(log.Epoch, log.Read(after, MaxFramesPerRange, MaxBytesPerRange));
            Keep(range, isFull: range.End.Offset < log.Top);
        }

        if (++_lastRangeReads >= tabs)
            _lastRange = null;
        return range;
    }

    // Who has kept up gets what came in one piece: nothing is read for them.
    private void KeepAsItCame(FrameRange range)
    {
        if (range.Frames.Length == 1 || (range.Frames.Length <= MaxFramesPerRange && range.Bytes <= MaxBytesPerRange))
            Keep(range, isFull: false);
        else
            _lastRange = null;
    }

    private void Keep(FrameRange range, bool isFull) => (_lastRange, _lastRangeIsFull, _lastRangeReads) = (range, isFull, 0);

    private void Append(Frame[] frames)
    {
        foreach (var frame in frames)
        {
            if (frame.Offset == _log!.Top + 1)
                _log.Append(frame);
        }
    }
}
