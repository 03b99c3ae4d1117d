using System.Buffers;
using System.Net.WebSockets;
using Connections.WebFront.Lines;

namespace Connections.WebFront.RawSocket;

/// <summary>A tab's WebSocket: whole messages in, one write at a time out, and a close that always ends.</summary>
/// <param name="socket">The WebSocket.</param>
/// <param name="line">What it goes over, when that can be written to without it.</param>
/// <param name="maxMessageBytes">The longest message that the tab may send.</param>
/// <param name="time">The clock.</param>
internal sealed class TabSocket(WebSocket socket, Line? line, int maxMessageBytes, TimeProvider time) : IDisposable
{
    private const int FirstBuffer = 4_096;

    private static readonly TimeSpan ClosePatience = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _writing = new(1, 1);
    private ITimer? _cut;
    private volatile bool _closing;

    /// <summary>Whether <see cref="WriteFramesAsync"/> may be used.</summary>
    public bool TakesFrames => line is not null;

    /// <summary>
    /// The next message, or null when the tab has gone. The payload is the caller's to keep. Once this side has said its close, what still
    /// comes is thrown away until the tab has answered or the line is cut.
    /// </summary>
    /// <remarks>It waits with an empty buffer: a tab that says nothing owns none.</remarks>
    /// <exception cref="MessageTooLargeException">The message is larger than the limit; it was not read to its end.</exception>
    public async Task<(bool IsText, byte[] Payload)?> ReceiveAsync(CancellationToken ct)
    {
        byte[] buffer = [];
        var length = 0;
        try
        {
            while (true)
            {
                var read = await socket.ReceiveAsync(buffer.AsMemory(length), ct);
                if (read.MessageType == WebSocketMessageType.Close)
                    return null;
                length = _closing ? 0 : length + read.Count;
                if (length > maxMessageBytes)
                    throw new MessageTooLargeException(maxMessageBytes);
                if (read.EndOfMessage && !_closing)
                    return (read.MessageType == WebSocketMessageType.Text, buffer.AsSpan(0, length).ToArray());
                if (length == buffer.Length)
                {
                    var larger = ArrayPool<byte>.Shared.Rent(Math.Max(FirstBuffer, buffer.Length * 2));
                    buffer.AsSpan(0, length).CopyTo(larger);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            line?.PauseListening();
        }
    }

    /// <summary>Writes a message; waits while the tab does not read.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> payload, bool isText)
    {
        await _writing.WaitAsync();
        try
        {
            await socket.SendAsync(payload, isText ? WebSocketMessageType.Text : WebSocketMessageType.Binary, true, CancellationToken.None);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Writes messages that are framed already (<see cref="SocketFrame"/>); the bytes are the caller's again at once.</summary>
    /// <exception cref="InvalidOperationException">Between the messages and the tab there is more than a line: see <see cref="TakesFrames"/>.</exception>
    public ValueTask WriteFramesAsync(ReadOnlySpan<byte> frames)
    {
        if (!_writing.Wait(0))
            return InTurnAsync(frames.ToArray());
        ValueTask sending;
        try
        {
            sending = SendFramesAsync(frames);
            if (!sending.IsCompletedSuccessfully)
                return RestAsync(sending);
        }
        catch
        {
            _writing.Release();
            throw;
        }

        _writing.Release();
        return ValueTask.CompletedTask;
    }

    /// <summary>Says a last message if there is one, closes with a code, and cuts the line when the tab does not answer.</summary>
    public async Task CloseAsync(int code, string reason, ReadOnlyMemory<byte> lastWords = default)
    {
        _closing = true;
        line?.PauseListening();
        using var limit = new CancellationTokenSource(ClosePatience, time);
        try
        {
            await _writing.WaitAsync(limit.Token);
            try
            {
                if (!lastWords.IsEmpty)
                    await socket.SendAsync(lastWords, WebSocketMessageType.Text, true, limit.Token);
                if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                {
                    await socket.CloseOutputAsync((WebSocketCloseStatus)code, reason, limit.Token);
                    _cut ??= time.CreateTimer(_ => socket.Abort(), null, ClosePatience, Timeout.InfiniteTimeSpan);
                }
            }
            finally
            {
                _writing.Release();
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            socket.Abort();
        }
    }

    /// <summary>Waits until the tab has answered the close of this side; without one, answers the tab's.</summary>
    public async Task EndAsync(CancellationToken ct)
    {
        if (socket.State is WebSocketState.CloseReceived)
            await CloseAsync((int)WebSocketCloseStatus.NormalClosure, "");
        else if (socket.State is WebSocketState.CloseSent)
            await ReceiveAsync(ct);
    }

    // No frame follows a close.
    private ValueTask SendFramesAsync(ReadOnlySpan<byte> frames) =>
        _closing ? ValueTask.CompletedTask : (line ?? throw new InvalidOperationException("There is no line to write frames to.")).SendAsync(frames);

    private async ValueTask InTurnAsync(byte[] frames)
    {
        await _writing.WaitAsync();
        ValueTask sending;
        try
        {
            sending = SendFramesAsync(frames);
        }
        catch
        {
            _writing.Release();
            throw;
        }

        await RestAsync(sending);
    }

    private async ValueTask RestAsync(ValueTask sending)
    {
        try
        {
            await sending;
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _cut?.Dispose();
        _writing.Dispose();
    }
}
