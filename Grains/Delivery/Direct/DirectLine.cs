using System.Buffers;
using System.Buffers.Binary;
using System.Net.Sockets;
using Connections.Grains.Abstractions.Delivery;
using Orleans.Serialization;

namespace Connections.Grains.Delivery.Direct;

/// <summary>A front's direct connection, for one link: batches out, acknowledgements in where one asked, and nothing between them but the kernel.</summary>
internal sealed class DirectLine : IDisposable
{
    private const int FirstBuffer = 4 << 10;
    private const int LargestKept = 1 << 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly Socket _socket;
    private readonly Serializer _serializer;
    private readonly byte[] _answers = new byte[64];
    private ArrayBufferWriter<byte> _writer = new(FirstBuffer);
    private int _answersRead;
    private int _answersLeft;

    /// <summary>Takes a socket whose calls wait, after the front has shown the key.</summary>
    public DirectLine(Socket socket, Serializer serializer)
    {
        (_socket, _serializer) = (socket, serializer);
        _socket.SendTimeout = _socket.ReceiveTimeout = (int)Patience.TotalMilliseconds;
    }

    /// <summary>Whether an answer has come, so that nobody would wait in <see cref="Answer"/>.</summary>
    /// <exception cref="IOException">The connection is of no more use.</exception>
    public bool HasAnswer
    {
        get
        {
            if (_answersLeft >= DirectWire.LengthBytes)
                return true;
            try
            {
                return _socket.Available + _answersLeft >= DirectWire.LengthBytes;
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                throw Failed(e);
            }
        }
    }

    /// <summary>Writes one batch.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="asks">Whether the front answers it, and with it those before it that did not ask.</param>
    /// <exception cref="IOException">The outcome is unknown, and the connection of no more use.</exception>
    public void Write(FrameBatch batch, bool asks)
    {
        try
        {
            _writer.ResetWrittenCount();
            DirectWire.Write(_writer, batch, asks, _serializer);
            for (var rest = _writer.WrittenSpan; !rest.IsEmpty;)
                rest = rest[_socket.Send(rest)..];
            if (_writer.Capacity > LargestKept)
                _writer = new ArrayBufferWriter<byte>(FirstBuffer);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            throw Failed(e);
        }
    }

    /// <summary>Takes the answer to the oldest batch that asked and has none. The calling thread waits for the front.</summary>
    /// <exception cref="IOException">The outcome is unknown, and the connection of no more use.</exception>
    public BatchAck Answer()
    {
        try
        {
            Span<byte> head = stackalloc byte[DirectWire.LengthBytes];
            Read(head);
            if (BinaryPrimitives.ReadInt32LittleEndian(head) is var length && length == 0)
                return BatchAck.Ok;
            if (length is < 0 or > DirectWire.Longest)
                throw new IOException("The front acknowledges what is no batch.");
            var ack = new byte[length];
            Read(ack);
            return DirectWire.ReadAck(ack);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            throw Failed(e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    // Most answers are nothing but a head: one call reads all that are there.
    private void Read(Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            if (_answersLeft == 0)
            {
                _answersRead = 0;
                _answersLeft = _socket.Receive(_answers);
                if (_answersLeft == 0)
                    throw new IOException("The front closed the connection.");
            }

            var count = Math.Min(_answersLeft, buffer.Length);
            _answers.AsSpan(_answersRead, count).CopyTo(buffer);
            buffer = buffer[count..];
            _answersRead += count;
            _answersLeft -= count;
        }
    }

    private static IOException Failed(Exception e) => new($"The direct connection to the front failed: {e.Message}", e);
}
