using System.Buffers;
using System.IO.Pipelines;

namespace Connections.WebFront.Api;

/// <summary>
/// The body of a response, held back until somebody flushes it or releases it, or until it has grown large. What is held when the answer breaks
/// off is dropped: nobody has seen it, and the caller gets an error that is one.
/// </summary>
internal sealed class PendingBody(PipeWriter body) : Stream
{
    // As much as goes to a socket at once anyway.
    private const int MostHeld = 16 << 10;

    private byte[]? _held;
    private int _length;

    /// <summary>Whether the caller has not got everything yet.</summary>
    public bool IsPending => _length > 0;

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>What is held goes with the next flush, or with the end of the response.</summary>
    public void Release()
    {
        if (_held is null)
            return;
        body.Write(_held.AsSpan(0, _length));
        Drop();
    }

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_length + buffer.Length > MostHeld)
        {
            Release();
            body.Write(buffer.Span);
            return new(FlushAsync(cancellationToken));
        }

        _held ??= ArrayPool<byte>.Shared.Rent(MostHeld);
        buffer.Span.CopyTo(_held.AsSpan(_length));
        _length += buffer.Length;
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        Release();
        await body.FlushAsync(cancellationToken);
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
    public override void Flush() => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        Drop();
        base.Dispose(disposing);
    }

    private void Drop()
    {
        if (_held is not null)
            ArrayPool<byte>.Shared.Return(_held);
        (_held, _length) = (null, 0);
    }
}
