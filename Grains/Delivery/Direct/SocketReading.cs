using System.Net.Sockets;

namespace Connections.Grains.Delivery.Direct;

/// <summary>Reads what has a known length.</summary>
internal static class SocketReading
{
    /// <summary>Reads until the buffer is full.</summary>
    /// <exception cref="IOException">The other end closed before.</exception>
    public static void Fill(this Socket socket, Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var count = socket.Receive(buffer);
            if (count == 0)
                throw new IOException("The other end closed the connection.");
            buffer = buffer[count..];
        }
    }
}
