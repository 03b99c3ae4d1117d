namespace Connections.Core;

/// <summary>One entry of a user's log, as it is passed on. Immutable.</summary>
/// <param name="offset">Its place in the epoch, from 1.</param>
/// <param name="kind">What it is.</param>
/// <param name="payload">The message; its bytes must never change again.</param>
/// <param name="at">When the gateway had it, Unix time in milliseconds.</param>
public sealed class Frame(long offset, FrameKind kind, ReadOnlyMemory<byte> payload, long at)
{
    /// <summary>What a log keeps of a frame beside its payload, in bytes: the head before it.</summary>
    public const int Overhead = LogChunk.HeadBytes;

    /// <summary>Its place in the epoch, from 1.</summary>
    public long Offset { get; } = offset;

    /// <summary>What it is.</summary>
    public FrameKind Kind { get; } = kind;

    /// <summary>The message, or for a marker a small JSON document.</summary>
    public ReadOnlyMemory<byte> Payload { get; } = payload;

    /// <summary>When the gateway had it, Unix time in milliseconds.</summary>
    public long At { get; } = at;

    /// <summary>What it counts against byte limits.</summary>
    public int Size => Payload.Length + Overhead;

    /// <summary>Whether it is a marker and not a message.</summary>
    public bool IsMarker => Kind is FrameKind.UpstreamOpened or FrameKind.UpstreamClosed;
}
