using System.Buffers.Binary;

namespace Connections.HotPath;

/// <summary>What is carried: which run made it, whose it is, its number among the user's, when it was made; padded to a usual length.</summary>
/// <param name="Run">The run that made it.</param>
/// <param name="User">Whose it is.</param>
/// <param name="Number">Counts the user's messages of this run from 1.</param>
/// <param name="MadeAt">When, by the machine's monotonic clock, which both processes share.</param>
internal readonly record struct Message(int Run, int User, long Number, long MadeAt)
{
    /// <summary>How long, in bytes.</summary>
    public const int Length = 200;

    /// <summary>As bytes.</summary>
    public byte[] Write()
    {
        var bytes = new byte[Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, Run);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), User);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), Number);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(16), MadeAt);
        return bytes;
    }

    /// <summary>From bytes.</summary>
    public static Message Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadInt32LittleEndian(bytes),
        BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]),
        BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]),
        BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]));
}
