using Connections.Core;
using Connections.Grains.Abstractions;
using Connections.WebFront.Identity;
using Connections.WebFront.Telemetry;
using Connections.WebFront.Wire;

namespace Connections.WebFront.Sessions;

/// <summary>
/// One client connection: a cursor on its session's log and a pump that runs only while there is something to write. A slow tab holds
/// nobody back and owns no queue.
/// </summary>
internal sealed class Tab(string id, UserSession session, ITabWriter writer, TimeProvider time) : IThreadPoolWorkItem
{
    private const int Idle = 0;
    private const int Running = 1;
    private const int Again = 2;
    private const int NotTold = -1;
    private const int MaxAsksPerSecond = 100;

    private static readonly TimeSpan FloodPause = TimeSpan.FromSeconds(5);

    private readonly long _began = time.GetTimestamp();
    private int _pump;
    private int _closed;
    private bool _started;
    private long _writeStarted;
    private Frame[] _backlog = [];
    private Gap? _gap;
    private int _stateVersion;
    private int _breakersChanged;
    private volatile IBreakerBoard? _board;
    private RateLimit? _sends;
    private long _asksSecond;
    private int _asks;

    /// <summary>How much later than it could be a tab is answered that sends faster than allowed.</summary>
    public static readonly TimeSpan RatePause = TimeSpan.FromMilliseconds(100);

    /// <summary>Its name in logs and reports.</summary>
    public string Id => id;

    /// <summary>Whose.</summary>
    public UserSession Session => session;

    /// <summary>The way in that it came by, as it is called in metrics.</summary>
    public string Kind => writer.Kind;

    /// <summary>How long it has been here.</summary>
    public TimeSpan Age => time.GetElapsedTime(_began);

    /// <summary>The last frame written to it.</summary>
    public FramePosition Cursor { get; private set; }

    /// <summary>Which reset of the session's log it has seen; falling off the log without one means that it is slow.</summary>
    public int ResetVersion { get; private set; }

    /// <summary>The final receipts that it still has to be told.</summary>
    public TabReceipts Receipts { get; } = new();

    /// <summary>Whether it was closed or has gone.</summary>
    public bool IsClosed => Volatile.Read(ref _closed) != 0;

    /// <summary>How long the write under way has taken; zero when there is none.</summary>
    public TimeSpan WritingFor =>
        Interlocked.Read(ref _writeStarted) is var started and not 0 ? time.GetElapsedTime(started) : TimeSpan.Zero;

    /// <summary>
    /// Counts a message that it sends. One that has a second's worth of messages refused on end is not held back by its answers (they are asked for side by
    /// side, or nobody waits for them), and is closed.
    /// </summary>
    /// <param name="size">The bytes of its payload.</param>
    /// <returns>Whether it is within the limit.</returns>
    public bool MaySend(int size)
    {
        var sends = LazyInitializer.EnsureInitialized(ref _sends, () => new RateLimit(session.SendLimit, time));
        lock (sends)
        {
            if (sends.TryTake(size))
                return true;
            if (sends.Refused > session.SendLimit.MessagesPerSecond)
                _ = CloseAsync(CloseCode.Flood, FloodPause);
            return false;
        }
    }

    /// <summary>It asks for something that is no message for the upstream: beyond so many a second it has to wait.</summary>
    public ValueTask AsksAsync()
    {
        var second = time.GetTimestamp() / time.TimestampFrequency;
        if (second != _asksSecond)
            (_asksSecond, _asks) = (second, 0);
        return ++_asks > MaxAsksPerSecond ? new ValueTask(Task.Delay(RatePause, time)) : ValueTask.CompletedTask;
    }

    /// <summary>What it came with, and what ends it; set before anything can be written to it.</summary>
    public TokenLease Lease { get; set; } = null!;

    /// <summary>Whether the lease is its line's, which has other tabs or outlives this one.</summary>
    public bool SharesLease { get; set; }

    /// <summary>It goes on with a fresh token, and the upstream is shown that where tokens are relayed.</summary>
    public void Renew(Caller fresh)
    {
        Lease.Renew(fresh);
        session.Offer(fresh.Token);
    }

    /// <summary>Sets where it starts; nothing is written before <see cref="Start"/>.</summary>
    /// <param name="cursor">What it has.</param>
    /// <param name="backlog">Frames after the cursor that the session's log does not hold.</param>
    /// <param name="gap">What is missing before the first frame.</param>
    /// <param name="resetVersion">The session's reset version.</param>
    /// <param name="stateVersion">The state it was told.</param>
    public void Place(FramePosition cursor, Frame[] backlog, Gap? gap, int resetVersion, int stateVersion)
    {
        Cursor = cursor;
        _backlog = backlog;
        _gap = gap;
        ResetVersion = resetVersion;
        _stateVersion = stateVersion;
    }

    /// <summary>The tab has its answer to the open: frames may flow.</summary>
    public void Start()
    {
        Volatile.Write(ref _started, true);
        Signal();
    }

    /// <summary>There may be something to write.</summary>
    /// <param name="here">Whether this thread may write it: a write that has to wait never keeps the thread.</param>
    public void Signal(bool here = false)
    {
        if (!Volatile.Read(ref _started) || IsClosed || Interlocked.Exchange(ref _pump, Again) != Idle)
            return;
        if (here)
            Execute();
        else
            session.Run(this);
    }

    /// <summary>From now on its states say how the breakers of <c>/api</c> stand, and come when one of them changes too.</summary>
    public void Watch(IBreakerBoard board)
    {
        _board = board;
        board.Add(this);
        if (IsClosed)
            board.Remove(this);
    }

    /// <summary>The breakers, if it watches them.</summary>
    public IReadOnlyList<WireApiBreaker>? WatchedBreakers => _board?.Breakers;

    /// <summary>A breaker of <c>/api</c> changed: the state is to be told again.</summary>
    public void BreakersChanged()
    {
        Volatile.Write(ref _breakersChanged, 1);
        Signal();
    }

    /// <summary>Closes it with a reason, once.</summary>
    public async Task CloseAsync(CloseCode code, TimeSpan? retryAfter = null)
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0)
            return;
        TabMetrics.Closed(Kind, code.Name);
        try
        {
            await writer.CloseAsync(code, retryAfter);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // It cannot be told: the line is gone.
        }
    }

    /// <summary>Its line has ended: nothing more is written.</summary>
    public void Gone()
    {
        Interlocked.Exchange(ref _closed, 1);
        _board?.Remove(this);
    }

    /// <summary>The pump; run by the thread pool, or by who signals.</summary>
    public void Execute() => _ = PumpAsync();

    private async Task PumpAsync()
    {
        try
        {
            do
            {
                Volatile.Write(ref _pump, Running);
                while (!IsClosed && await WriteNextAsync())
                {
                    // More may have come meanwhile.
                }
            }
            while (Interlocked.CompareExchange(ref _pump, Idle, Running) == Again);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A write failed, or the log could not be read: either way the tab has to come back with its position.
            await CloseAsync(CloseCode.Unavailable);
        }
    }

    private async ValueTask<bool> WriteNextAsync()
    {
        if (_backlog.Length > 0 || _gap is not null)
        {
            var range = _backlog.Length > 0 ? new FrameRange(Cursor.Epoch, _backlog) : null;
            var gap = _gap;
            (_backlog, _gap) = ([], null);
            Cursor = range?.End ?? Cursor;
            await WriteAsync(this, static (tab, s) => tab.WriteFramesAsync(s.Epoch, s.Gap, s.Range), (Cursor.Epoch, Gap: gap, Range: range));
            Told(gap, range, live: false);
            return true;
        }

        if (Receipts.TryTake(out var receipt))
        {
            await WriteAsync(this, static (tab, r) => tab.WriteReceiptAsync(r), receipt);
            return true;
        }

        if (Interlocked.Exchange(ref _breakersChanged, 0) == 1)
            _stateVersion = NotTold;
        var next = session.Read(Cursor, ResetVersion, _stateVersion);
        switch (next.Kind)
        {
            case TabReadKind.Frames:
                Cursor = next.Range!.End;
                await WriteAsync(this, static (tab, range) => tab.WriteFramesAsync(range.Epoch, null, range), next.Range);
                Told(null, next.Range, live: true);
                break;
            case TabReadKind.State:
                _stateVersion = next.StateVersion;
                await WriteAsync(this, static (writer, x) => writer.WriteStateAsync(x.State, x.Breakers), (State: next.State!, Breakers: WatchedBreakers));
                break;
            case TabReadKind.Restart:
                ResetVersion = next.ResetVersion;
                _gap = next.Gap;
                Cursor = next.Cursor;
                break;
            case TabReadKind.Behind:
                ResetVersion = next.ResetVersion;
                (Cursor, _backlog, _gap) = await session.ReadOlderAsync(Cursor);
                break;
            case TabReadKind.TooSlow:
                await CloseAsync(CloseCode.Slow);
                return false;
            default:
                return false;
        }

        return true;
    }

    private static async ValueTask WriteAsync<T>(Tab tab, Func<ITabWriter, T, ValueTask> write, T argument)
    {
        Interlocked.Exchange(ref tab._writeStarted, tab.Now);
        await write(tab.Writer, argument);
        Interlocked.Exchange(ref tab._writeStarted, 0);
    }

    private void Told(Gap? gap, FrameRange? range, bool live)
    {
        if (gap is not null)
            TabMetrics.Missed(gap.Reason);
        if (range is not null)
            TabMetrics.Wrote(Kind, range, time.GetUtcNow(), live);
    }

    private long Now => time.GetTimestamp();

    private ITabWriter Writer => writer;
}
