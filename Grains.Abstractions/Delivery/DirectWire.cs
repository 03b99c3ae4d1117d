using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Connections.Core;
using Orleans.Serialization;

namespace Connections.Grains.Abstractions.Delivery;

/// <summary>
/// What a silo and a front say to each other on a direct connection: the front a hello, then the silo batches, and the front an acknowledgement where a
/// batch asks for one, which stands for all since the last. All numbers are little-endian. Frames stand as they are; a run that says more than frames is
/// written by Orleans' serializer.
/// </summary>
public static class DirectWire
{
    /// <summary>The bytes of a length.</summary>
    public const int LengthBytes = sizeof(int);

    /// <summary>The bytes of the key in a hello.</summary>
    public const int KeyBytes = 16;

    /// <summary>The longest batch or acknowledgement that is read: far more than a link puts into one.</summary>
    public const int Longest = 64 << 20;

    /// <summary>The longest hello.</summary>
    public const int LongestHello = 1 << 10;

    // Raised with each change of what follows: a silo and a front of different versions go on through Orleans.
    private const byte Version = 2;
    private const byte Frames = 0;
    private const byte Whole = 1;
    private const int LongestUserId = 512;
    private const int RunHead = 1 + sizeof(ushort) + (3 * sizeof(long)) + sizeof(int);
    private const int FrameHead = 1 + (2 * sizeof(long)) + sizeof(int);

    /// <summary>Writes a hello, with its length before it.</summary>
    public static byte[] Hello(byte[] key, string frontId)
    {
        ArgumentNullException.ThrowIfNull(key);
        var id = Encoding.UTF8.GetBytes(frontId);
        var hello = new byte[LengthBytes + 1 + key.Length + id.Length];
        BinaryPrimitives.WriteInt32LittleEndian(hello, hello.Length - LengthBytes);
        hello[LengthBytes] = Version;
        key.CopyTo(hello, LengthBytes + 1);
        id.CopyTo(hello, LengthBytes + 1 + key.Length);
        return hello;
    }

    /// <summary>Reads a hello without its length.</summary>
    /// <returns>Whose, or null when it is of another version or shows another key.</returns>
    public static string? FrontOf(ReadOnlySpan<byte> hello, ReadOnlySpan<byte> key) =>
        hello.Length > 1 + KeyBytes && hello[0] == Version
            && System.Security.Cryptography.CryptographicOperations.FixedTimeEquals(hello.Slice(1, KeyBytes), key)
            ? Encoding.UTF8.GetString(hello[(1 + KeyBytes)..])
            : null;

    /// <summary>Writes a batch, with its length before it.</summary>
    /// <param name="writer">Where it goes.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="asks">Whether the front is to acknowledge it, and with it those before it that did not ask.</param>
    /// <param name="serializer">Orleans' own.</param>
    public static void Write(ArrayBufferWriter<byte> writer, FrameBatch batch, bool asks, Serializer serializer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(serializer);
        var start = writer.WrittenCount;
        Put(writer, 0);
        Put(writer, asks ? (byte)1 : (byte)0);
        Put(writer, batch.Sequence);
        Put(writer, batch.Runs.Length);
        foreach (var run in batch.Runs)
        {
            if (run.State is null && run.Receipts is null && !run.Released)
                WriteFrames(writer, run);
            else
                WriteWhole(writer, run, serializer);
        }

        // The array is the writer's own, and nobody else has it.
        var length = MemoryMarshal.AsMemory(writer.WrittenMemory[start..]).Span;
        BinaryPrimitives.WriteInt32LittleEndian(length, length.Length - LengthBytes);
    }

    /// <summary>How many bytes a run takes in a batch, but for what it says beside its frames.</summary>
    public static int BytesOf(FeedRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var bytes = RunHead + Encoding.UTF8.GetByteCount(run.UserId);
        foreach (var frame in run.Frames)
            bytes += FrameHead + frame.Payload.Length;
        return bytes;
    }

    /// <summary>Reads a batch without its length.</summary>
    /// <param name="bytes">The batch; nothing of it is kept.</param>
    /// <param name="silo">The silo that it came from.</param>
    /// <param name="serializer">Orleans' own.</param>
    /// <param name="asks">Whether it is to be acknowledged, and with it those before it that did not ask.</param>
    public static FrameBatch ReadBatch(ReadOnlySpan<byte> bytes, string silo, Serializer serializer, out bool asks)
    {
        ArgumentNullException.ThrowIfNull(serializer);
        asks = Take(ref bytes, 1)[0] switch
        {
            0 => false,
            1 => true,
            var other => throw new InvalidDataException($"A batch cannot ask with {other}."),
        };
        var sequence = TakeLong(ref bytes);
        var runs = new FeedRun[TakeCount(ref bytes)];
        for (var i = 0; i < runs.Length; i++)
        {
            runs[i] = Take(ref bytes, 1)[0] switch
            {
                Frames => ReadFrames(ref bytes),
                Whole => serializer.Deserialize<FeedRun>(Take(ref bytes, TakeCount(ref bytes)).ToArray()) ?? throw new InvalidDataException("A run is missing."),
                var other => throw new InvalidDataException($"A run cannot be of kind {other}."),
            };
        }

        return new FrameBatch { Silo = silo, Sequence = sequence, Runs = runs };
    }

    /// <summary>Writes an acknowledgement, with its length before it.</summary>
    public static void Write(ArrayBufferWriter<byte> writer, BatchAck ack)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(ack);
        var unknown = ack.UnknownAttachIds ?? [];
        Put(writer, unknown.Length * sizeof(long));
        foreach (var id in unknown)
            Put(writer, id);
    }

    /// <summary>Reads an acknowledgement without its length.</summary>
    public static BatchAck ReadAck(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return BatchAck.Ok;
        var unknown = new long[bytes.Length / sizeof(long)];
        for (var i = 0; i < unknown.Length; i++)
            unknown[i] = TakeLong(ref bytes);
        return new BatchAck { UnknownAttachIds = unknown };
    }

    private static void WriteFrames(ArrayBufferWriter<byte> writer, FeedRun run)
    {
        Put(writer, Frames);
        var id = writer.GetSpan(sizeof(ushort) + LongestUserId);
        var length = Encoding.UTF8.GetBytes(run.UserId, id[sizeof(ushort)..]);
        BinaryPrimitives.WriteUInt16LittleEndian(id, (ushort)length);
        writer.Advance(sizeof(ushort) + length);
        Put(writer, run.AttachId);
        Put(writer, run.Generation);
        Put(writer, (long)run.Epoch);
        Put(writer, run.Frames.Length);
        foreach (var frame in run.Frames)
        {
            Put(writer, (byte)frame.Kind);
            Put(writer, frame.Offset);
            Put(writer, frame.At);
            Put(writer, frame.Payload.Length);
            writer.Write(frame.Payload.Span);
        }
    }

    private static FeedRun ReadFrames(ref ReadOnlySpan<byte> bytes)
    {
        var userId = Encoding.UTF8.GetString(Take(ref bytes, BinaryPrimitives.ReadUInt16LittleEndian(Take(ref bytes, sizeof(ushort)))));
        var (attachId, generation, epoch) = (TakeLong(ref bytes), TakeLong(ref bytes), (ulong)TakeLong(ref bytes));
        var frames = new Frame[TakeCount(ref bytes)];
        for (var i = 0; i < frames.Length; i++)
        {
            var kind = (FrameKind)Take(ref bytes, 1)[0];
            var (offset, at) = (TakeLong(ref bytes), TakeLong(ref bytes));
            frames[i] = new Frame(offset, kind, Take(ref bytes, TakeCount(ref bytes)).ToArray(), at);
        }

        return new FeedRun { UserId = userId, AttachId = attachId, Generation = generation, Epoch = epoch, Frames = frames };
    }

    private static void WriteWhole(ArrayBufferWriter<byte> writer, FeedRun run, Serializer serializer)
    {
        var bytes = serializer.SerializeToArray(run);
        Put(writer, Whole);
        Put(writer, bytes.Length);
        writer.Write(bytes);
    }

    private static void Put(ArrayBufferWriter<byte> writer, byte value)
    {
        writer.GetSpan(1)[0] = value;
        writer.Advance(1);
    }

    private static void Put(ArrayBufferWriter<byte> writer, int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(writer.GetSpan(sizeof(int)), value);
        writer.Advance(sizeof(int));
    }

    private static void Put(ArrayBufferWriter<byte> writer, long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(writer.GetSpan(sizeof(long)), value);
        writer.Advance(sizeof(long));
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> bytes, int count)
    {
        if (count > bytes.Length)
            throw new InvalidDataException("A batch ends too early.");
        var taken = bytes[..count];
        bytes = bytes[count..];
        return taken;
    }

    private static long TakeLong(ref ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt64LittleEndian(Take(ref bytes, sizeof(long)));

    // No array is made for more than can follow.
    private static int TakeCount(ref ReadOnlySpan<byte> bytes)
    {
        var count = BinaryPrimitives.ReadInt32LittleEndian(Take(ref bytes, sizeof(int)));
        return count >= 0 && count <= bytes.Length ? count : throw new InvalidDataException("A batch names more than it has.");
    }
}
