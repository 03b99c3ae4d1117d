using System.Buffers;
using System.Net.WebSockets;
using Connections.Core;
using Connections.Grains.Telemetry;

namespace Connections.Grains.Upstream;

/// <summary>One open upstream socket: whole messages in, whole messages out, and one honest word about its end.</summary>
/// <remarks>Sent to and closed from one activation; <see cref="SendAsync"/> calls take turns. It receives beside the activation.</remarks>
/// <param name="socket">The WebSocket, open.</param>
/// <param name="maxMessageBytes">The longest message that is taken.</param>
/// <param name="time">The clock.</param>
/// <param name="receiver">Where it receives: in a simulated world everything runs on one thread.</param>
internal sealed class UpstreamSocket(WebSocket socket, int maxMessageBytes, TimeProvider time, TaskScheduler? receiver = null) : IDisposable
{
    private const int FirstBuffer = 4_096;
    private const int MaxReason = 120;
    private const int MaxReadsAtOnce = 64;
    private const int MaxEmptyFragments = 1_000;
    private const int MaxScrapReads = 50_000;
    private const int MaxScrapBytes = 32 << 20;

    private static readonly TimeSpan RefusePatience = TimeSpan.FromSeconds(1);

    // Never disposed: who waits in it when the socket ends must still get his turn, and learn that it has ended.
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile UpstreamClose? _close;
    private volatile bool _broken;

    /// <summary>Whether messages can still be handed over.</summary>
    public bool IsOpen => _close is null && !_broken && socket.State == WebSocketState.Open;

    /// <summary>
    /// Hands every message to <paramref name="onMessage"/>, one after the other but on no activation's turn, until the socket ends, and says how it
    /// ended; its bytes are lent until it returns. A turn would cost a message one more thread to wake, and a talkative backend would keep the user's other calls from theirs.
    /// </summary>
    public Task<UpstreamClose> ReceiveAllAsync(Action<FrameKind, ReadOnlySpan<byte>> onMessage) =>
        Task.Factory.StartNew(() => ReceiveAsync(onMessage), CancellationToken.None, TaskCreationOptions.DenyChildAttach, receiver ?? TaskScheduler.Default).Unwrap();

    // Between messages it waits with an empty buffer: an idle upstream owns none.
    private async Task<UpstreamClose> ReceiveAsync(Action<FrameKind, ReadOnlySpan<byte>> onMessage)
    {
        byte[] buffer = [];
        var (length, emptyFragments, readsAtOnce) = (0, 0, 0);
        try
        {
            while (true)
            {
                // What is in the kernel's buffer already is had without waiting: who sends without an end must not keep a thread from all others.
                var reading = socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
                readsAtOnce = reading.IsCompleted ? readsAtOnce + 1 : 0;
                if (readsAtOnce > MaxReadsAtOnce)
                {
                    readsAtOnce = 0;
                    await Task.Yield();
                }

                var read = await reading;
                if (read.MessageType == WebSocketMessageType.Close)
                    return await AnswerCloseAsync();
                length += read.Count;
                if (length > maxMessageBytes)
                    return await RefuseAsync(buffer, WebSocketCloseStatus.MessageTooBig, $"message over {maxMessageBytes} bytes");

                // A read without a buffer only waits. With one, nothing in it is a fragment without content, of which a message may have any number.
                if (read.Count == 0 && !read.EndOfMessage && buffer.Length > 0 && ++emptyFragments > MaxEmptyFragments)
                    return await RefuseAsync(buffer, WebSocketCloseStatus.PolicyViolation, $"message with over {MaxEmptyFragments} empty fragments");
                if (read.EndOfMessage)
                {
                    UpstreamMetrics.Received(length);
                    onMessage(read.MessageType == WebSocketMessageType.Text ? FrameKind.Text : FrameKind.Binary, buffer.AsSpan(0, length));
                    ArrayPool<byte>.Shared.Return(buffer);
                    (buffer, length, emptyFragments) = ([], 0, 0);
                }
                else if (length == buffer.Length)
                {
                    var larger = ArrayPool<byte>.Shared.Rent(Math.Max(FirstBuffer, buffer.Length * 2));
                    buffer.AsSpan(0, length).CopyTo(larger);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException or IOException)
        {
            TryEnd(UpstreamClose.ByNetwork(e.GetBaseException().Message));
            return _close!;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            _ended.TrySetResult();
        }
    }

    /// <summary>Hands a message to the kernel.</summary>
    /// <returns>False when the socket was closed before a byte of it left.</returns>
    /// <exception cref="WebSocketException">The socket died meanwhile: whether the message left is unknown.</exception>
    public async Task<bool> SendAsync(ReadOnlyMemory<byte> payload, bool isText)
    {
        await _sending.WaitAsync();
        try
        {
            if (!IsOpen)
                return false;
            await socket.SendAsync(payload, isText ? WebSocketMessageType.Text : WebSocketMessageType.Binary, true, CancellationToken.None);
            UpstreamMetrics.Sent(payload.Length);
            return true;
        }
        catch
        {
            // The state is Open until the receiving side has found out too: the next message must not be lost in the same hole.
            _broken = true;
            throw;
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>Closes with a code, waits for the backend's answer at most for <paramref name="patience"/>, then cuts the line.</summary>
    public async Task CloseAsync(UpstreamClose close, TimeSpan patience)
    {
        if (TryEnd(close))
        {
            try
            {
                using var limit = new CancellationTokenSource(patience, time);
                await socket.CloseOutputAsync((WebSocketCloseStatus)close.Code, close.Reason, limit.Token);
                using var patient = limit.Token.UnsafeRegister(static ended => ((TaskCompletionSource)ended!).TrySetCanceled(), _ended);
                await _ended.Task;
            }
            catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
            {
                // The line is gone or the backend does not answer: cut it below.
            }
        }

        socket.Abort();
    }

    /// <inheritdoc/>
    public void Dispose() => socket.Dispose();

    // Whoever ends it first says how it ended.
    private bool TryEnd(UpstreamClose close) => Interlocked.CompareExchange(ref _close, close, null) is null;

    private async Task<UpstreamClose> AnswerCloseAsync()
    {
        var close = new UpstreamClose((int)(socket.CloseStatus ?? WebSocketCloseStatus.Empty), socket.CloseStatusDescription ?? "", "upstream");
        if (TryEnd(close) && socket.State == WebSocketState.CloseReceived)
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        return _close!;
    }

    // What the backend is still sending is read and thrown away for a while: unread bytes would reset the line, and the backend would
    // never learn why it was closed. One that never ends is not worth the reading.
    private async Task<UpstreamClose> RefuseAsync(Memory<byte> scrap, WebSocketCloseStatus status, string reason)
    {
        TryEnd(UpstreamClose.ByGateway((int)status, reason));
        using var limit = new CancellationTokenSource(RefusePatience, time);
        await socket.CloseOutputAsync(status, reason[..Math.Min(reason.Length, MaxReason)], limit.Token);
        var scrapped = 0;
        for (var reads = 1; reads < MaxScrapReads && scrapped < MaxScrapBytes; reads++)
        {
            var read = await socket.ReceiveAsync(scrap, limit.Token);
            if (read.MessageType == WebSocketMessageType.Close)
                break;
            scrapped += read.Count;
            if (reads % MaxReadsAtOnce == 0)
                await Task.Yield();
        }

        socket.Abort();
        return _close!;
    }
}
