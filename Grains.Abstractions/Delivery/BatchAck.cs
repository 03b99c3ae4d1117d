namespace Connections.Grains.Abstractions.Delivery;

/// <summary>A front's answer to a batch, and on a direct connection to those before it that did not ask for one.</summary>
[GenerateSerializer, Immutable, Alias("connections.ack")]
public sealed class BatchAck
{
    /// <summary>Nothing to say.</summary>
    public static BatchAck Ok { get; } = new();

    /// <summary>Attachments in what is answered that this front no longer has, so that the silo ends them: a lost detach heals by itself.</summary>
    [Id(0)]
    public long[]? UnknownAttachIds { get; init; }
}
