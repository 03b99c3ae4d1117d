using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Connections.WebFront.Lines;

/// <summary>
/// A TCP connection as the web server sees it: two pipes, and a loop each that moves their bytes from and to the socket. Once a WebSocket was opened
/// over it, <see cref="DetachAsync"/> ends the loops and hands the socket out.
/// </summary>
[SuppressMessage("Reliability", "CA2000", Justification = "The server disposes it.")]
internal sealed class LineConnection : DefaultConnectionContext, IConnectionSocketFeature, IMemoryPoolFeature
{
    private const int SmallestBuffer = 2_048;
    private const int MostUnread = 1 << 20;
    private const int MostUnsent = 64 << 10;

    private static long _last;

    private readonly ConnectionRoom _room;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _closed = new();
    private readonly CancellationTokenSource _detaching = new();
    private readonly Pipe _in;
    private readonly Pipe _out;
    private readonly Ends _own;
    private readonly Task _receiving;
    private readonly Task _sending;
    private bool _ended;

    /// <summary>Begins.</summary>
    public LineConnection(Socket socket, MemoryPool<byte> pool, ConnectionRoom room)
        : base(Interlocked.Increment(ref _last).ToString("X8", CultureInfo.InvariantCulture))
    {
        Socket = socket;
        _room = room;
        MemoryPool = pool;
        LocalEndPoint = socket.LocalEndPoint;
        RemoteEndPoint = socket.RemoteEndPoint;
        ConnectionClosed = _closed.Token;
        Features.Set(this);
        Features.Set<IConnectionSocketFeature>(this);
        Features.Set<IMemoryPoolFeature>(this);

        // What is read or written goes on by the thread that has it: nothing here blocks a thread, and a hop costs more than the work.
        _in = new Pipe(new PipeOptions(pool, PipeScheduler.Inline, PipeScheduler.Inline, MostUnread, MostUnread / 2, useSynchronizationContext: false));
        _out = new Pipe(new PipeOptions(pool, PipeScheduler.Inline, PipeScheduler.Inline, MostUnsent, MostUnsent / 2, useSynchronizationContext: false));
        Transport = _own = new Ends(_in.Reader, _out.Writer);
        _receiving = ReceiveAsync(_detaching.Token);
        _sending = SendAsync();
    }

    /// <inheritdoc/>
    public Socket Socket { get; }

    /// <inheritdoc/>
    public MemoryPool<byte> MemoryPool { get; }

    /// <summary>The socket by itself, once it was handed out.</summary>
    public Line? Line { get; private set; }

    /// <summary>Whether the socket can be handed out: nothing, such as TLS, stands between it and the server.</summary>
    public bool CanDetach => ReferenceEquals(Transport, _own);

    /// <summary>Hands the socket out. The server must have written what it had to say, and must not be reading.</summary>
    public async Task<Line> DetachAsync()
    {
        await _detaching.CancelAsync();
        _out.Reader.CancelPendingRead();
        await _receiving;
        await _sending;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_ended, Socket);
            Line = new Line(Socket, TakeEarly());
            Line.WhenClosed(_room.Leave);
            return Line;
        }
    }

    /// <inheritdoc/>
    public override void Abort(ConnectionAbortedException abortReason)
    {
        if (Line is { IsKept: true })
            return;
        End();
        _out.Reader.CancelPendingRead();
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _own.Input.CompleteAsync();
        await _own.Output.CompleteAsync();
        await _sending;
        if (Line is not { IsKept: true })
            End();
        await _receiving;
        await _in.Writer.CompleteAsync();
        await _out.Reader.CompleteAsync();
        _closed.Dispose();
        _detaching.Dispose();
        await base.DisposeAsync();
    }

    // What the tab said before the server had answered it.
    private byte[] TakeEarly()
    {
        if (!_in.Reader.TryRead(out var read))
            return [];
        var early = read.Buffer.ToArray();
        _in.Reader.AdvanceTo(read.Buffer.End);
        return early;
    }

    private async Task ReceiveAsync(CancellationToken detached)
    {
        Exception? error = null;
        try
        {
            while (true)
            {
                // Waits without a buffer.
                await Socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None, detached);
                var count = await Socket.ReceiveAsync(_in.Writer.GetMemory(SmallestBuffer), SocketFlags.None, detached);
                if (count == 0)
                    break;
                _in.Writer.Advance(count);
                var flush = await _in.Writer.FlushAsync(CancellationToken.None);
                if (flush.IsCompleted || flush.IsCanceled)
                    break;
            }
        }
        catch (OperationCanceledException) when (detached.IsCancellationRequested)
        {
            // For the server it goes on, without a word from the other end.
            return;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            error = new ConnectionResetException(e.Message, e);
        }

        await _in.Writer.CompleteAsync(error);
        ThreadPool.UnsafeQueueUserWorkItem(static connection => connection.SayClosed(), this, preferLocal: false);
    }

    private async Task SendAsync()
    {
        Exception? error = null;
        try
        {
            while (true)
            {
                var read = await _out.Reader.ReadAsync(CancellationToken.None);
                if (!read.Buffer.IsEmpty)
                    await SendAsync(read.Buffer);
                _out.Reader.AdvanceTo(read.Buffer.End);
                if (_detaching.IsCancellationRequested && !read.IsCompleted)
                    return;
                if (read.IsCompleted || read.IsCanceled)
                    break;
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            error = new ConnectionResetException(e.Message, e);
        }

        End();
        await _out.Reader.CompleteAsync(error);
        _in.Writer.CancelPendingFlush();
    }

    private async ValueTask SendAsync(ReadOnlySequence<byte> bytes)
    {
        if (!bytes.IsSingleSegment)
        {
            var segments = new List<ArraySegment<byte>>();
            foreach (var segment in bytes)
            {
                if (!System.Runtime.InteropServices.MemoryMarshal.TryGetArray(segment, out var array))
                    throw new InvalidOperationException("The pool's memory is of arrays.");
                segments.Add(array);
            }

            await Socket.SendAsync(segments, SocketFlags.None);
            return;
        }

        // What can be written at once leaves nothing behind for a wait that never comes: most connections are told that their WebSocket is open, and no more.
        var rest = bytes.First;
        if (Socket.Blocking)
            Socket.Blocking = false;
        var sent = Socket.Send(rest.Span, SocketFlags.None, out var failed);
        if (failed is not (SocketError.Success or SocketError.WouldBlock))
            throw new SocketException((int)failed);
        rest = rest[(failed is SocketError.Success ? sent : 0)..];
        while (!rest.IsEmpty)
            rest = rest[(await Socket.SendAsync(rest, SocketFlags.None))..];
    }

    private void SayClosed()
    {
        try
        {
            _closed.Cancel();
        }
        catch (Exception e) when (e is AggregateException or ObjectDisposedException)
        {
            // Whoever was told failed, or is no longer there.
        }
    }

    private void End()
    {
        lock (_gate)
        {
            if (_ended)
                return;
            _ended = true;
        }

        if (Line is { } line)
        {
            line.Dispose();
            return;
        }

        Line.Close(Socket);
        _room.Leave();
    }

    private sealed record Ends(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
