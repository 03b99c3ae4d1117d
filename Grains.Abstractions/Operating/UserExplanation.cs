using Connections.Grains.Abstractions.State;

namespace Connections.Grains.Abstractions.Operating;

/// <summary>What the owner of a user's connection knows about it.</summary>
/// <param name="Silo">Where it lives.</param>
/// <param name="State">How it stands.</param>
/// <param name="BreakerDetail">What was said about the breaker's last transition.</param>
/// <param name="BreakerHistory">The breaker's transitions since this owner began, the last 20, oldest first.</param>
/// <param name="OutboxMessages">Messages that wait for the upstream.</param>
/// <param name="OutboxBytes">Their bytes.</param>
/// <param name="Fronts">The attached fronts.</param>
[GenerateSerializer, Immutable, Alias("connections.user-explanation")]
public sealed record UserExplanation(
    string Silo,
    ConnectionState State,
    string? BreakerDetail,
    BreakerMove[] BreakerHistory,
    int OutboxMessages,
    int OutboxBytes,
    AttachedFront[] Fronts);
