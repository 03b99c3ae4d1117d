using System.Net.Sockets;

namespace Connections.Grains.Delivery.Direct;

/// <summary>Reads what has a known length.</summary>
internal static class SocketReading
{
    /// <summary>Reads until the buffer is full.</summary>
    /// <exception cref="IOException">The other end closed before.</exception>
    public static async ValueTask FillAsync(this Socket socket, Memory<byte> buffer, CancellationToken ct)
    {
        while (!buffer.IsEmpty)
        {
            var count = await socket.ReceiveAsync(buffer, SocketFlags.None, ct).ConfigureAwait(false);
            if (count == 0)
                throw new IOException("The other end closed the connection.");
            buffer = buffer[count..];
        }
    }
}
