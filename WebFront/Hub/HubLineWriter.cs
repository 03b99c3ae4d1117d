using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Connections.WebFront.Lines;
using Connections.WebFront.RawSocket;
using Microsoft.AspNetCore.Connections;

namespace Connections.WebFront.Hub;

/// <summary>
/// What SignalR writes to a line: each flush is a WebSocket message, which goes to the kernel at once. SignalR writes one at a time, and waits only while the
/// kernel takes no more.
/// </summary>
internal sealed class HubLineWriter(HubLine connection, Line line) : PipeWriter
{
    private const int LongestHead = 10;
    private const int FirstBuffer = 1_024;
    private const int LargestKept = 128 << 10;

    // For a message that is encoded already: the tabs of a user are told one after the other, by the same thread.
    [ThreadStatic]
    private static byte[]? _frame;

    private byte[] _buffer = [];
    private int _length;

    /// <inheritdoc/>
    public override bool CanGetUnflushedBytes => true;

    /// <inheritdoc/>
    public override long UnflushedBytes => _length;

    /// <inheritdoc/>
    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        var needed = LongestHead + _length + Math.Max(sizeHint, 1);
        if (_buffer.Length < needed)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, Math.Max(FirstBuffer, _buffer.Length * 2)));
            _buffer.AsSpan(0, Math.Min(_buffer.Length, LongestHead + _length)).CopyTo(larger);
            Return(_buffer);
            _buffer = larger;
        }

        return _buffer.AsMemory(LongestHead + _length);
    }

    /// <inheritdoc/>
    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <inheritdoc/>
    public override void Advance(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, Math.Max(0, _buffer.Length - LongestHead - _length));
        _length += bytes;
    }

    /// <inheritdoc/>
    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (_length == 0)
            return Done;
        var head = SocketFrame.HeadLength(_length);
        var frame = _buffer.AsSpan(LongestHead - head, head + _length);
        SocketFrame.WriteHead(frame, IsText, _length);
        try
        {
            return Send(frame);
        }
        finally
        {
            Return(_buffer);
            (_buffer, _length) = ([], 0);
        }
    }

    /// <inheritdoc/>
    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        if (_length > 0)
        {
            source.Span.CopyTo(GetSpan(source.Length));
            Advance(source.Length);
            return FlushAsync(cancellationToken);
        }

        var length = SocketFrame.HeadLength(source.Length) + source.Length;
        if (_frame is null || _frame.Length < length || (_frame.Length > LargestKept && length <= LargestKept))
            _frame = GC.AllocateUninitializedArray<byte>(Math.Max(FirstBuffer, length));
        SocketFrame.WriteHead(_frame, IsText, source.Length);
        source.Span.CopyTo(_frame.AsSpan(SocketFrame.HeadLength(source.Length)));
        return Send(_frame.AsSpan(0, length));
    }

    /// <inheritdoc/>
    public override void CancelPendingFlush()
    {
    }

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null)
    {
        Return(_buffer);
        (_buffer, _length) = ([], 0);
    }

    private static ValueTask<FlushResult> Done => new(new FlushResult(isCanceled: false, isCompleted: false));

    private static ValueTask<FlushResult> Ended => new(new FlushResult(isCanceled: false, isCompleted: true));

    private bool IsText => connection.ActiveFormat is TransferFormat.Text;

    // The bytes are the caller's again at once: what the kernel does not take is copied. For SignalR a line that fails is an error, and one that has ended is none:
    // a tab may go at any time.
    private ValueTask<FlushResult> Send(ReadOnlySpan<byte> frame)
    {
        if (!connection.TakesFrames)
            return Ended;
        try
        {
            var sending = line.SendAsync(frame);
            return sending.IsCompletedSuccessfully ? Done : WaitAsync(sending);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return Ended;
        }
    }

    private static async ValueTask<FlushResult> WaitAsync(ValueTask sending)
    {
        try
        {
            await sending;
            return await Done;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return await Ended;
        }
    }

    private static void Return(byte[] buffer)
    {
        if (buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(buffer);
    }
}
