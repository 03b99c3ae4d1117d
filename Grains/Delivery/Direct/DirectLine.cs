using System.Buffers;
using System.Buffers.Binary;
using System.Net.Sockets;
using Connections.Grains.Abstractions.Delivery;
using Orleans.Serialization;

namespace Connections.Grains.Delivery.Direct;

/// <summary>A front's direct connection, for one link: a batch out, its acknowledgement in, and nothing between them but the kernel.</summary>
internal sealed class DirectLine(Socket socket, Serializer serializer, TimeProvider time) : IDisposable
{
    private const int LargestKept = 1 << 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly byte[] _length = new byte[DirectWire.LengthBytes];
    private ArrayBufferWriter<byte> _writer = new(4 << 10);

    /// <summary>Delivers one batch; the next one only after that.</summary>
    /// <exception cref="IOException">The outcome is unknown, and the connection of no more use.</exception>
    public async Task<BatchAck> DeliverAsync(FrameBatch batch, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        using var either = ct.UnsafeRegister(static limit => ((CancellationTokenSource)limit!).Cancel(), limit);
        try
        {
            _writer.ResetWrittenCount();
            DirectWire.Write(_writer, batch, serializer);
            for (var rest = _writer.WrittenMemory; !rest.IsEmpty;)
                rest = rest[(await socket.SendAsync(rest, SocketFlags.None, limit.Token).ConfigureAwait(false))..];
            if (_writer.Capacity > LargestKept)
                _writer = new ArrayBufferWriter<byte>(4 << 10);
            await socket.FillAsync(_length, limit.Token).ConfigureAwait(false);
            if (BinaryPrimitives.ReadInt32LittleEndian(_length) is var length && length == 0)
                return BatchAck.Ok;
            if (length is < 0 or > DirectWire.Longest)
                throw new IOException("The front acknowledges what is no batch.");
            var ack = new byte[length];
            await socket.FillAsync(ack, limit.Token).ConfigureAwait(false);
            return DirectWire.ReadAck(ack);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            throw new IOException($"The direct connection to the front failed: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => socket.Dispose();
}
