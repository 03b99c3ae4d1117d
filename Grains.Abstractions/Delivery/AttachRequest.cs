using Connections.Core;

namespace Connections.Grains.Abstractions.Delivery;

/// <summary>A front asks for a user's frames.</summary>
[GenerateSerializer, Immutable, Alias("connections.attach")]
public sealed class AttachRequest
{
    /// <summary>The front, new at each start.</summary>
    [Id(0)]
    public required string FrontId { get; init; }

    /// <summary>Grows with every attach of this front: the newest one holds.</summary>
    [Id(1)]
    public required long AttachId { get; init; }

    /// <summary>Where to deliver.</summary>
    [Id(2)]
    public required IFrontSink Sink { get; init; }

    /// <summary>What the front already has, or null to start at the top.</summary>
    [Id(3)]
    public FramePosition? Position { get; init; }

    /// <summary>How many tabs the front holds for the user.</summary>
    [Id(4)]
    public required int Tabs { get; init; }

    /// <summary>The newest token of the user's tabs there, if the front relays tokens.</summary>
    [Id(5)]
    public RelayToken? Token { get; init; }
}
