namespace Connections.WebFront.Api;

/// <summary>Reads the backend's answer, and before it waits sends on what the caller has not got yet.</summary>
internal sealed class PromptReader(Stream answer, PendingBody caller) : Stream
{
    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var piece = answer.ReadAsync(buffer, cancellationToken);
        return piece.IsCompletedSuccessfully ? new(Read(piece.Result, buffer)) : WaitAsync(piece, buffer, cancellationToken);
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
    public override void Flush()
    {
        // Nothing is written here.
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            answer.Dispose();
            caller.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<int> WaitAsync(ValueTask<int> piece, Memory<byte> buffer, CancellationToken stop)
    {
        if (!piece.IsCompleted && caller.IsPending)
        {
            try
            {
                await caller.FlushAsync(stop);
            }
            catch
            {
                // The read was begun and has to be waited for, whoever failed first: it still writes to the buffer.
                await ((Task)piece.AsTask()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                throw;
            }
        }

        return Read(await piece, buffer);
    }

    // A read into an empty buffer only waits.
    private int Read(int read, Memory<byte> buffer)
    {
        if (read == 0 && buffer.Length > 0)
            caller.Release();
        return read;
    }
}
