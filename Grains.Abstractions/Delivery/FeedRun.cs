using Connections.Core;
using Connections.Grains.Abstractions.Sending;
using Connections.Grains.Abstractions.State;

namespace Connections.Grains.Abstractions.Delivery;

/// <summary>What there is for one user in a batch.</summary>
[GenerateSerializer, Immutable, Alias("connections.run")]
public sealed class FeedRun
{
    /// <summary>The user.</summary>
    [Id(0)]
    public required string UserId { get; init; }

    /// <summary>Which attachment of the front this is for; one of an older attachment is dropped.</summary>
    [Id(1)]
    public required long AttachId { get; init; }

    /// <summary>The owner's generation; an older owner's frames are dropped.</summary>
    [Id(2)]
    public required long Generation { get; init; }

    /// <summary>The epoch of <see cref="Frames"/>.</summary>
    [Id(3)]
    public required ulong Epoch { get; init; }

    /// <summary>New frames, in order and without holes. The first may be further than the next one the front lacks: then it reads the grain's log.</summary>
    [Id(4)]
    public required Frame[] Frames { get; init; }

    /// <summary>How the connection stands, when that changed.</summary>
    [Id(5)]
    public ConnectionState? State { get; init; }

    /// <summary>Final receipts of messages that were answered with "queued".</summary>
    [Id(7)]
    public Receipt[]? Receipts { get; init; }

    /// <summary>The owner is about to leave this silo: attach again, it will be elsewhere.</summary>
    [Id(6)]
    public bool Released { get; init; }
}
