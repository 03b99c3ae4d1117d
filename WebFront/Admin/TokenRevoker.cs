using Connections.Grains.Abstractions.Operating;
using Connections.WebFront.Identity;
using Microsoft.Extensions.Options;

namespace Connections.WebFront.Admin;

/// <summary>Revokes tokens: stores it, and tells every front that is known. One that is not reads the list within a second by itself.</summary>
internal sealed class TokenRevoker(IGrainFactory grains, IOptions<AuthOptions> auth, TimeProvider time)
{
    /// <summary>Revokes all of a user's tokens, or one by its id.</summary>
    /// <exception cref="OrleansException">It could not be stored.</exception>
    public async Task<RevokedTokens> RevokeAsync(string? user, string? tokenId, string detail)
    {
        var now = time.GetUtcNow();
        var until = (now + auth.Value.KeepRevocations).ToUnixTimeMilliseconds();
        await grains.GetGrain<IRevocationGrain>(0).Revoke(new Revocation(user, tokenId, now.ToUnixTimeMilliseconds(), until, detail));
        var ended = await Task.WhenAll((await FrontEndpoints.AllAsync(grains)).Select(TellAsync));
        return new RevokedTokens(until, ended.Sum());
    }

    private static async Task<int> TellAsync(FrontHello front)
    {
        try
        {
            return await front.Operations.TokensRevoked();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // It has gone, is slow, or is of an earlier version.
            return 0;
        }
    }
}
