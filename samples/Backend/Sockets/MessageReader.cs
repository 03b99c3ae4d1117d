using System.Buffers;
using System.Net.WebSockets;

namespace Connections.Backend.Sockets;

/// <summary>Puts fragments together. Rents memory only while a message arrives, so that thousands of idle sockets hold none.</summary>
internal sealed class MessageReader(WebSocket socket, int limit)
{
    private const int FirstBuffer = 4 * 1024;

    /// <summary>True after a message over the limit, which is not read to its end.</summary>
    internal bool IsTooBig { get; private set; }

    /// <summary>The next message; null when the client closes or sent too much.</summary>
    internal async ValueTask<Message?> ReadAsync(CancellationToken cancellation)
    {
        var start = await socket.ReceiveAsync(Memory<byte>.Empty, cancellation);
        if (start.MessageType == WebSocketMessageType.Close)
            return null;
        if (start.EndOfMessage)
            return new([], start.MessageType);

        var buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
        try
        {
            var length = 0;
            while (true)
            {
                var received = await socket.ReceiveAsync(buffer.AsMemory(length), cancellation);
                if (received.MessageType == WebSocketMessageType.Close)
                    return null;
                length += received.Count;
                if (length > limit)
                {
                    IsTooBig = true;
                    return null;
                }

                if (received.EndOfMessage)
                    return new(buffer.AsSpan(0, length).ToArray(), received.MessageType);
                if (length == buffer.Length)
                    buffer = Grow(buffer);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Reads on without keeping anything, so that the close frame of the other side is seen.</summary>
    internal async ValueTask SkipToCloseAsync(CancellationToken cancellation)
    {
        if (socket.CloseStatus is not null)
            return;
        var scrap = new byte[FirstBuffer];
        while ((await socket.ReceiveAsync(scrap.AsMemory(), cancellation)).MessageType != WebSocketMessageType.Close)
        {
        }
    }

    private static byte[] Grow(byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
