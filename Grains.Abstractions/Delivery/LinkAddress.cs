namespace Connections.Grains.Abstractions.Delivery;

/// <summary>Where a silo takes the direct connection of a front: at its own address, on this port.</summary>
[GenerateSerializer, Immutable, Alias("connections.link-address")]
public sealed class LinkAddress
{
    /// <summary>The port.</summary>
    [Id(0)]
    public required int Port { get; init; }

    /// <summary>What the front shows there: only who may call grains has heard it.</summary>
    [Id(1)]
    public required byte[] Key { get; init; }
}
