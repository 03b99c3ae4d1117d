using System.Net.WebSockets;
using Connections.Backend.Stats;
using Connections.Backend.Users;

namespace Connections.Backend.Sockets;

/// <summary>
/// One accepted dial, from just before the answer until its socket has ended. It leaves the counts before the other side can know
/// that it ends (before a close frame goes out, before an abort), so that a prompt redial never looks like a second connection.
/// </summary>
internal sealed class Connection(
    HttpContext context, User user, long number, OpenConnections open, Totals totals, BackendOptions options, TimeProvider clock,
    CancellationToken stopping) : IDisposable
{
    // How long a connection may take to say goodbye when the process stops.
    private static readonly TimeSpan GoAwayGrace = TimeSpan.FromMilliseconds(300);

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _aborted = new();
    private CloseReason? _closeReason;
    private ITimer? _deadline;
    private TimeSpan? _grace;
    private bool _left;
    private bool _ended;

    internal User User { get; } = user;

    /// <summary>Process-wide, from 1.</summary>
    internal long Number { get; } = number;

    /// <summary>Among the connections of its user, from 1.</summary>
    internal long Ordinal { get; } = user.NextOrdinal();

    internal SendQueue Queue { get; } = new(options.SendQueueLength);

    internal CloseReason? CloseReason => Volatile.Read(ref _closeReason);

    /// <summary>Queues without waiting; a message that finds the queue full is dropped and counted.</summary>
    internal bool TrySend(Outgoing message)
    {
        if (Queue.TryAdd(message))
            return true;
        totals.Dropped.Add();
        return false;
    }

    /// <summary>Closes after what is queued has been sent. The first reason counts.</summary>
    internal void Close(CloseReason reason) => Close(reason, options.CloseGrace);

    /// <summary>Ends the connection without a close frame, as a crashed backend would.</summary>
    internal void Abort()
    {
        Leave();
        Queue.Complete();
        lock (_lock)
        {
            if (_ended)
                return; // the request is over, and over HTTP/2 its context may serve another one by now
            context.Abort();
            _ = _aborted.CancelAsync(); // not inline: what it wakes may take the lock
        }
    }

    /// <summary>Stops counting as open.</summary>
    internal void Leave()
    {
        if (!Interlocked.Exchange(ref _left, true))
            open.Remove(this);
    }

    /// <summary>Reads and writes until both directions have ended.</summary>
    internal async Task RunAsync(WebSocket socket)
    {
        using var onStop = stopping.Register(() => Close(CloseReason.GoingAway, GoAwayGrace));
        var writing = new ConnectionWriter(this, socket, totals).RunAsync(_aborted.Token);
        var reading = new ConnectionReader(this, socket, totals, options, clock).RunAsync(_aborted.Token);
        await Task.WhenAll(writing, reading);
    }

    public void Dispose()
    {
        Leave();
        Queue.Complete();
        lock (_lock)
        {
            _ended = true;
            _deadline?.Dispose();
        }
    }

    private void Close(CloseReason reason, TimeSpan grace)
    {
        Interlocked.CompareExchange(ref _closeReason, reason, null);
        Queue.Complete();
        lock (_lock)
        {
            if (_ended || grace >= _grace)
                return;
            _grace = grace;
            _deadline?.Dispose();
            _deadline = clock.CreateTimer(static self => ((Connection)self!).Abort(), this, grace, Timeout.InfiniteTimeSpan);
        }
    }
}
