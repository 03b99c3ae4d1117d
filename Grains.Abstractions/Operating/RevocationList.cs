namespace Connections.Grains.Abstractions.Operating;

/// <summary>Every revocation that still counts.</summary>
/// <param name="Mark">Changes with the list; opaque.</param>
/// <param name="All">The revocations, oldest first.</param>
[GenerateSerializer, Immutable, Alias("connections.revocation-list")]
public sealed record RevocationList(string Mark, Revocation[] All);
