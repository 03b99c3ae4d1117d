namespace Connections.Grains.Abstractions.Delivery;

/// <summary>Many users' frames on their way from one silo to one front.</summary>
[GenerateSerializer, Immutable, Alias("connections.batch")]
public sealed class FrameBatch
{
    /// <summary>The link that sends: its silo and a number. A link that gave the front up is another than the one after it.</summary>
    [Id(0)]
    public required string Silo { get; init; }

    /// <summary>Counts the batches of one link from 1.</summary>
    [Id(1)]
    public required long Sequence { get; init; }

    /// <summary>What there is for each user, at most one run a user; empty in a heartbeat.</summary>
    [Id(2)]
    public required FeedRun[] Runs { get; init; }
}
