using Microsoft.Extensions.Caching.Memory;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Connections.WebFront.Identity;

/// <summary>
/// Checks tokens, and remembers for a moment which ones it found good: a page that asks <c>/api</c> for many things at once sends the same
/// token each time, and checking it costs more than anything else a front does for such a request.
/// </summary>
/// <remarks>A token that expires meanwhile is forgotten then; one whose key is withdrawn is refused <see cref="Remembered"/> later at the latest.</remarks>
internal sealed class CheckedTokens(TimeProvider time) : TokenHandler, IDisposable
{
    /// <summary>How long an answer is good for.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromSeconds(5);

    private const long MostCharacters = 4 << 20;

    private readonly JsonWebTokenHandler _checker = new() { MapInboundClaims = false };
    private readonly MemoryCache _good = new(new MemoryCacheOptions { SizeLimit = MostCharacters });

    /// <inheritdoc/>
    public override async Task<TokenValidationResult> ValidateTokenAsync(string token, TokenValidationParameters validationParameters)
    {
        if (_good.TryGetValue(token, out TokenValidationResult? known))
            return known!;
        var result = await _checker.ValidateTokenAsync(token, validationParameters);
        var left = result.IsValid ? result.SecurityToken.ValidTo + validationParameters.ClockSkew - time.GetUtcNow() : TimeSpan.Zero;
        if (left > TimeSpan.Zero)
            _good.Set(token, result, new MemoryCacheEntryOptions { Size = token.Length, AbsoluteExpirationRelativeToNow = left < Remembered ? left : Remembered });
        return result;
    }

    /// <inheritdoc/>
    public override SecurityToken ReadToken(string token) => _checker.ReadToken(token);

    /// <inheritdoc/>
    public void Dispose() => _good.Dispose();
}
