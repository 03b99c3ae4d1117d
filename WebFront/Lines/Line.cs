using System.Net.Sockets;

namespace Connections.WebFront.Lines;

/// <summary>
/// The socket of one tab, after its WebSocket was opened. A write goes to the kernel on the thread that has it, and waits only for what the kernel
/// does not take. Writes are whole WebSocket frames and take turns.
/// </summary>
/// <param name="socket">The socket, which is closed with this.</param>
/// <param name="early">What was read from it already.</param>
internal sealed class Line(Socket socket, ReadOnlyMemory<byte> early) : Stream
{
    // A ping without content (RFC 6455, 5.5.2), as a server says it: without a mask.
    private static readonly byte[] Ping = [0x89, 0];

    // A close without a code (RFC 6455, 5.5.1), masked as a client's frames are: put in the place of an end.
    private static readonly byte[] UnsaidClose = [0x88, 0x80, 0, 0, 0, 0];

    // Never disposed: who waits in it while the line ends must still get his turn, and learn that it has ended.
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly Lock _gate = new();
    private Silence _silence = new(Random.Shared.Next(Silence.Spread));
    private WaitingWrite _waiting;
    private ReadOnlyMemory<byte> _early = early;
    private Action? _whenClosed;
    private bool _asksWhenQuiet;
    private bool _waitedForHead;
    private volatile bool _tabHasEnded;
    private bool _closed;

    /// <summary>Whether it outlives the HTTP request that it came by.</summary>
    public bool IsKept { get; private set; }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>From now on it belongs to whoever serves the tab, and no longer to the HTTP request.</summary>
    /// <param name="asksWhenQuiet">Whether <see cref="Beat"/> asks a tab that says nothing.</param>
    public void Keep(bool asksWhenQuiet) => (IsKept, _asksWhenQuiet) = (true, asksWhenQuiet);

    /// <summary>
    /// A second has passed. Whatever waits for a tab that does not read, a frame, an answer or a ping, the line is cut for it. A tab that has long said nothing is pinged, and its
    /// line cut when nothing comes then either; a word is whatever is read, be it a pong. While nobody reads from it a tab is not asked.
    /// </summary>
    /// <param name="mostWaiting">For how many beats a write may wait.</param>
    public void Beat(int mostWaiting)
    {
        if (_waiting.Beat() >= mostWaiting)
        {
            Dispose();
            return;
        }

        if (!_asksWhenQuiet)
            return;
        switch (_silence.Beat())
        {
            case SilenceStep.Ask:
                _ = PingAsync();
                break;
            case SilenceStep.GiveUp:
                Dispose();
                break;
        }
    }

    /// <summary>Nobody reads for now, so that the tab's silence says nothing; the next read ends it.</summary>
    public void PauseListening() => _silence.Pause();

    /// <summary>Whether a write waits for the tab to read.</summary>
    public bool IsWaiting => _waiting.Waits;

    /// <summary>Has something done once it is closed, at once if it is.</summary>
    public void WhenClosed(Action action)
    {
        lock (_gate)
        {
            if (!_closed)
            {
                _whenClosed += action;
                return;
            }
        }

        action();
    }

    /// <summary>Closes a socket in an orderly way, if it can be.</summary>
    public static void Close(Socket socket)
    {
        try
        {
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It has ended already.
        }

        socket.Dispose();
    }

    /// <summary>Writes frames that the caller takes back at once: what the kernel does not take is copied.</summary>
    /// <exception cref="SocketException">The line has ended.</exception>
    public ValueTask SendAsync(ReadOnlySpan<byte> frames)
    {
        if (!_writing.Wait(0))
            return InTurnAsync(frames.ToArray());
        int sent;
        try
        {
            sent = SendNow(frames);
        }
        catch
        {
            _writing.Release();
            throw;
        }

        if (sent < frames.Length)
            return RestAsync(frames[sent..].ToArray());
        _writing.Release();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_writing.Wait(0, CancellationToken.None))
            return InTurnAsync(buffer);
        int sent;
        try
        {
            sent = SendNow(buffer.Span);
        }
        catch
        {
            _writing.Release();
            throw;
        }

        if (sent < buffer.Length)
            return RestAsync(buffer[sent..]);
        _writing.Release();
        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// Reads. A tab that ends its connection between two frames is read as if it had said a close: to a WebSocket an end without a close is an error, which thousands of tabs that go
    /// at once and come back would wait for while it is raised through every layer.
    /// </summary>
    /// <remarks>
    /// Whoever waits for a tab's next word reads without a buffer first. .NET's WebSocket passes that on only where a frame's head comes next, with at most one byte of it in its own
    /// buffer, and its very next read is that of the head. Behind such a byte the close put here is the beginning of a frame of eight bytes, of which one is there: an error, as any
    /// end within a frame.
    /// </remarks>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _silence.Listen();
        var isHead = _waitedForHead && buffer.Length >= UnsaidClose.Length;
        _waitedForHead = buffer.IsEmpty;
        if (_early.IsEmpty)
        {
            var reading = socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken);
            if (!isHead || !reading.IsCompletedSuccessfully)
                return reading;
            var read = reading.Result;
            return ValueTask.FromResult(read == 0 ? EndUnsaid(buffer.Span) : read);
        }

        var count = Math.Min(_early.Length, buffer.Length);
        _early[..count].CopyTo(buffer);
        _early = _early[count..];
        return ValueTask.FromResult(count);
    }

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            End();
        base.Dispose(disposing);
    }

    private void End()
    {
        lock (_gate)
        {
            if (_closed)
                return;
            _closed = true;
        }

        Close(socket);
        _whenClosed?.Invoke();
    }

    // Behind a write that waits, if there is one: the tab is to hear it.
    private async Task PingAsync()
    {
        try
        {
            await SendAsync(Ping);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The line has ended, and whoever reads from it learns so.
        }
    }

    private int EndUnsaid(Span<byte> buffer)
    {
        _tabHasEnded = true;
        UnsaidClose.CopyTo(buffer);
        return UnsaidClose.Length;
    }

    private int SendNow(ReadOnlySpan<byte> bytes)
    {
        // The answer to a close that the tab did not say, and frames that would come too late.
        if (_tabHasEnded)
            return bytes.Length;

        // Else a full buffer of the kernel would keep the thread.
        if (socket.Blocking)
            socket.Blocking = false;
        var sent = socket.Send(bytes, SocketFlags.None, out var error);
        return error is SocketError.Success ? sent : error is SocketError.WouldBlock ? 0 : throw new SocketException((int)error);
    }

    private async ValueTask InTurnAsync(ReadOnlyMemory<byte> frames)
    {
        await _writing.WaitAsync();
        await RestAsync(frames);
    }

    // Half a frame cannot be taken back: whoever does not want to wait for the rest closes the line.
    private async ValueTask RestAsync(ReadOnlyMemory<byte> rest)
    {
        _waiting.Begin();
        try
        {
            while (!rest.IsEmpty)
                rest = rest[(await socket.SendAsync(rest, SocketFlags.None))..];
        }
        finally
        {
            _waiting.End();
            _writing.Release();
        }
    }
}
