using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Connections.Grains.Upstream;

/// <summary>
/// The bytes below an upstream WebSocket, with pings of our own among its frames: a line whose ping stays unanswered is cut. The socket's
/// own keep-alive pings a quiet line only, so that a backend that talks and never reads would not be found, and looks once a second or
/// less, so that it may find a silent one seconds late.
/// </summary>
/// <remarks>Relies on the WebSocket writing each frame with one call, as .NET's does.</remarks>
internal sealed class PingedStream : Stream
{
    private const int PingLength = 14;
    private const byte CloseOpcode = 0x8;
    private const int Ahead = 4 << 10;

    private readonly Stream _inner;
    private readonly PingTurns _turns;
    private readonly PingTurns.Turn _turn;
    private readonly PongReader _pongs = new();
    private ReadOnlyMemory<byte> _early;

    // Where what is early is when it was read ahead: an idle line owns none.
    private byte[]? _ahead;
    private readonly Lock _gate = new();

    // Never disposed: a ping may wait in it while the line ends.
    private readonly SemaphoreSlim _writing = new(1, 1);
    private long _pings;
    private long _unanswered;
    private bool _done;
    private volatile bool _lost;

    /// <summary>Begins to ping.</summary>
    /// <param name="inner">The line, just upgraded.</param>
    /// <param name="turns">When it is pinged.</param>
    /// <param name="early">What was read from the line already.</param>
    public PingedStream(Stream inner, PingTurns turns, ReadOnlyMemory<byte> early = default)
    {
        _early = early;
        _inner = inner;
        _turns = turns;
        _turn = new PingTurns.Turn(this);
        turns.Answered(_turn, _pings);
    }

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

    /// <inheritdoc/>
    /// <exception cref="IOException">The line is lost.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int count;
        try
        {
            if (!_early.IsEmpty)
            {
                count = TakeEarly(buffer.Span);
            }
            else if (buffer.Length is 0 or >= Ahead)
            {
                count = await _inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                // The WebSocket asks for the head of a frame, and then for the rest: both come with one call of the kernel.
                _ahead = ArrayPool<byte>.Shared.Rent(Ahead);
                _early = _ahead.AsMemory(0, await _inner.ReadAsync(_ahead.AsMemory(0, Ahead), cancellationToken).ConfigureAwait(false));
                count = TakeEarly(buffer.Span);
            }
        }
        catch (Exception e) when (_lost && e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            throw Silent();
        }

        if (count == 0 && _lost)
            throw Silent();
        if (_pongs.Read(buffer.Span[..count]) is { } number)
            Answered(number);
        return count;
    }

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var closes = !buffer.IsEmpty && (buffer.Span[0] & 0xF) == CloseOpcode;
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await _inner.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (closes)
                StopPinging();
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <inheritdoc/>
    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await _inner.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override void Flush() => throw new NotSupportedException();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>The interval after the answer to a ping is over: the next one goes out.</summary>
    public void PingIsDue(long number)
    {
        lock (_gate)
        {
            if (_done || _unanswered != 0 || number != _pings)
                return;
            _unanswered = ++_pings;
        }

        _turns.Pinged(_turn, number + 1);
        _ = PingAsync(number + 1);
    }

    /// <summary>A ping has had its time: when it is still unanswered, the line is lost.</summary>
    public void PongIsOverdue(long number)
    {
        lock (_gate)
        {
            if (_done || _unanswered != number)
                return;
            _done = true;
            _lost = true;
        }

        _inner.Dispose();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            StopPinging();
            _turn.End();
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private int TakeEarly(Span<byte> into)
    {
        var count = Math.Min(_early.Length, into.Length);
        _early.Span[..count].CopyTo(into);
        _early = _early[count..];
        if (_early.IsEmpty && _ahead is { } ahead)
        {
            _ahead = null;
            ArrayPool<byte>.Shared.Return(ahead);
        }

        return count;
    }

    private void Answered(long number)
    {
        lock (_gate)
        {
            if (_done || number != _unanswered)
                return;
            _unanswered = 0;
        }

        _turns.Answered(_turn, number);
    }

    // Off the timer's thread, and behind a frame that is being written: the wait counts, for a line that takes nothing is lost too.
    private async Task PingAsync(long number)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        await _writing.WaitAsync().ConfigureAwait(false);
        try
        {
            if (Volatile.Read(ref _done))
                return;
            await _inner.WriteAsync(Ping(number)).ConfigureAwait(false);
            await _inner.FlushAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
        {
            // The line has ended, and whoever reads from it learns why.
        }
        finally
        {
            _writing.Release();
        }
    }

    private static byte[] Ping(long number)
    {
        var frame = new byte[PingLength];
        frame[0] = 0x89;
        frame[1] = 0x80 | sizeof(long);
        var mask = frame.AsSpan(2, 4);
        RandomNumberGenerator.Fill(mask);
        var payload = frame.AsSpan(6);
        BinaryPrimitives.WriteInt64BigEndian(payload, number);
        for (var i = 0; i < payload.Length; i++)
            payload[i] ^= mask[i % mask.Length];
        return frame;
    }

    private void StopPinging()
    {
        lock (_gate)
            _done = true;
    }

    private IOException Silent() => new(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"no pong within {_turns.Timeout.TotalSeconds:0.###} s"));
}
