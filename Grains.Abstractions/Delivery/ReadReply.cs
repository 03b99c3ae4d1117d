using Connections.Core;

namespace Connections.Grains.Abstractions.Delivery;

/// <summary>Frames out of a user's log, or the reason why those asked for cannot be had.</summary>
[GenerateSerializer, Immutable, Alias("connections.read")]
public sealed class ReadReply
{
    /// <summary>The log's epoch.</summary>
    [Id(0)]
    public required ulong Epoch { get; init; }

    /// <summary>The oldest offset that can be read; <see cref="Top"/> + 1 when there is none.</summary>
    [Id(1)]
    public required long First { get; init; }

    /// <summary>The newest offset.</summary>
    [Id(2)]
    public required long Top { get; init; }

    /// <summary>Why the frames after the position cannot all be had; <see cref="Refusal.None"/> when they follow.</summary>
    [Id(3)]
    public required Refusal Refusal { get; init; }

    /// <summary>Every frame after the position up to <see cref="Top"/>; after a refusal, everything the log has.</summary>
    [Id(4)]
    public required Frame[] Frames { get; init; }
}
