using System.Buffers;
using System.Buffers.Binary;
using System.Net.Sockets;
using Connections.Grains.Abstractions.Delivery;
using Orleans.Serialization;

namespace Connections.Grains.Delivery.Direct;

/// <summary>A front's direct connection, for one link: a batch out, its acknowledgement in, and nothing between them but the kernel.</summary>
internal sealed class DirectLine : IDisposable
{
    private const int LargestKept = 1 << 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly Socket _socket;
    private readonly Serializer _serializer;
    private readonly byte[] _length = new byte[DirectWire.LengthBytes];
    private ArrayBufferWriter<byte> _writer = new(4 << 10);

    /// <summary>Takes a socket whose calls wait, after the front has shown the key.</summary>
    public DirectLine(Socket socket, Serializer serializer)
    {
        (_socket, _serializer) = (socket, serializer);
        _socket.SendTimeout = _socket.ReceiveTimeout = (int)Patience.TotalMilliseconds;
    }

    /// <summary>Delivers one batch; the next one only after that. The calling thread waits for the front.</summary>
    /// <exception cref="IOException">The outcome is unknown, and the connection of no more use.</exception>
    public BatchAck Deliver(FrameBatch batch)
    {
        try
        {
            _writer.ResetWrittenCount();
            DirectWire.Write(_writer, batch, _serializer);
            for (var rest = _writer.WrittenSpan; !rest.IsEmpty;)
                rest = rest[_socket.Send(rest)..];
            if (_writer.Capacity > LargestKept)
                _writer = new ArrayBufferWriter<byte>(4 << 10);
            _socket.Fill(_length);
            if (BinaryPrimitives.ReadInt32LittleEndian(_length) is var length && length == 0)
                return BatchAck.Ok;
            if (length is < 0 or > DirectWire.Longest)
                throw new IOException("The front acknowledges what is no batch.");
            var ack = new byte[length];
            _socket.Fill(ack);
            return DirectWire.ReadAck(ack);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            throw new IOException($"The direct connection to the front failed: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();
}
