using Connections.Grains.Abstractions.State;

namespace Connections.Grains.Abstractions.Delivery;

/// <summary>The answer to an attach: from where the front goes on, and what it lacked.</summary>
[GenerateSerializer, Immutable, Alias("connections.attached")]
public sealed class AttachReply
{
    /// <summary>The link that will deliver, as in <see cref="FrameBatch.Silo"/>.</summary>
    [Id(0)]
    public required string Silo { get; init; }

    /// <summary>The owner's generation.</summary>
    [Id(1)]
    public required long Generation { get; init; }

    /// <summary>Every frame after the position, or the refusal. Without a position: no frames, no refusal.</summary>
    [Id(2)]
    public required ReadReply Read { get; init; }

    /// <summary>How the connection stands.</summary>
    [Id(3)]
    public required ConnectionState State { get; init; }

    /// <summary>How many tabs the front may hold for this user: it closes the newest ones beyond.</summary>
    [Id(4)]
    public required int Tabs { get; init; }

    /// <summary>Where the front may connect to, for batches to come to it without Orleans' own queues; null when the silo offers that not.</summary>
    [Id(5)]
    public LinkAddress? Direct { get; init; }
}
