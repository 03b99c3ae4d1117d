namespace Connections.Grains.Abstractions.Operating;

/// <summary>Tokens that are no longer good, although they have not expired: one by its id, or all that a user got before a time.</summary>
/// <param name="UserId">Whose, when it is about all of a user's; else null.</param>
/// <param name="TokenId">The token's <c>jti</c>, when it is about one; else null.</param>
/// <param name="At">When it was revoked, Unix time in milliseconds: of a user's tokens those are meant that were issued until then.</param>
/// <param name="Until">When it is forgotten, Unix time in milliseconds: such tokens have all expired by then.</param>
/// <param name="Detail">Who and why.</param>
[GenerateSerializer, Immutable, Alias("connections.revocation")]
public sealed record Revocation(string? UserId, string? TokenId, long At, long Until, string? Detail);
