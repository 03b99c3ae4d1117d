using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Connections.Grains.Abstractions.Delivery;
using Orleans.Serialization;

namespace Connections.WebFront.Silos;

/// <summary>
/// The direct connection to one silo. It has a thread of its own, which waits for a batch in the kernel, hands it over, writes it to the tabs when
/// they are few, and acknowledges what asks for it: one thread to wake where a pool and Orleans' queues would wake five.
/// </summary>
internal sealed partial class DirectLink(
    string silo, IPEndPoint endpoint, byte[] hello, FrontSink sink, Serializer serializer, TimeProvider time, ILogger<DirectLink> logger) : IDisposable
{
    private const int FirstBuffer = 64 << 10;
    private const int LargestKept = 1 << 20;

    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(5);

    // Longer than the longest heartbeat: a silo whose machine is gone says nothing, not even an end.
    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(2);

    private readonly Socket _socket = new(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly ArrayBufferWriter<byte> _ack = new(64);

    // Of the batches since the last answer.
    private readonly HashSet<long> _unknown = [];
    private byte[] _buffer = new byte[FirstBuffer];
    private int _read;
    private long _endedAt;

    /// <summary>Whether it has ended some time ago, so that another one may be tried.</summary>
    public bool MayBeReplaced => Interlocked.Read(ref _endedAt) is var at and not 0 && time.GetElapsedTime(at) > RetryPause;

    /// <summary>Connects and goes on until the silo or <see cref="Dispose"/> ends it.</summary>
    public void Begin() => new Thread(Run) { IsBackground = true, Name = "link" }.Start();

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private void Run()
    {
        try
        {
            _socket.ReceiveTimeout = (int)LongestSilence.TotalMilliseconds;
            _socket.Connect(endpoint);
            Send(hello);
            Log.Begun(logger, silo);
            while (true)
                TakeBatch();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The silo's next batch comes through Orleans, and a later attach brings another direct connection.
            Log.Ended(logger, silo, e.Message);
        }

        _socket.Dispose();
        _buffer = [];
        Interlocked.Exchange(ref _endedAt, time.GetTimestamp());
    }

    private void TakeBatch()
    {
        ReadUntil(DirectWire.LengthBytes);
        var length = BinaryPrimitives.ReadInt32LittleEndian(_buffer);
        if (length is < 0 or > DirectWire.Longest)
            throw new InvalidDataException($"A batch cannot have {length} bytes.");
        var end = DirectWire.LengthBytes + length;
        ReadUntil(end);
        var batch = DirectWire.ReadBatch(_buffer.AsSpan(DirectWire.LengthBytes, length), silo, serializer, out var asks);
        _buffer.AsSpan(end, _read - end).CopyTo(_buffer);
        _read -= end;
        if (_buffer.Length > LargestKept && _read <= FirstBuffer)
            Array.Resize(ref _buffer, FirstBuffer);

        if (sink.Take(batch).UnknownAttachIds is { } unknown)
            _unknown.UnionWith(unknown);
        if (asks)
            Answer();
    }

    private void Answer()
    {
        _ack.ResetWrittenCount();
        DirectWire.Write(_ack, _unknown.Count == 0 ? BatchAck.Ok : new BatchAck { UnknownAttachIds = [.. _unknown] });
        _unknown.Clear();
        Send(_ack.WrittenSpan);
    }

    private void ReadUntil(int count)
    {
        if (_buffer.Length < count)
            Array.Resize(ref _buffer, count);
        while (_read < count)
        {
            var read = _socket.Receive(_buffer.AsSpan(_read));
            if (read == 0)
                throw new IOException("the silo closed it");
            _read += read;
        }
    }

    private void Send(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[_socket.Send(bytes)..];
    }

    private static partial class Log
    {
        [LoggerMessage(720, LogLevel.Debug, "Connected to silo {Silo} directly")]
        public static partial void Begun(ILogger logger, string silo);

        [LoggerMessage(721, LogLevel.Debug, "The direct connection to silo {Silo} has ended: {Reason}")]
        public static partial void Ended(ILogger logger, string silo, string reason);
    }
}
