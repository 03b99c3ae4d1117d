using System.Globalization;
using System.Security.Claims;
using Connections.Core;
using Connections.Grains.Abstractions.Delivery;
using Microsoft.AspNetCore.Authentication;

namespace Connections.WebFront.Identity;

/// <summary>Who is behind a request, as authentication found out.</summary>
/// <param name="User">Whose connection.</param>
/// <param name="Expires">When the token expires, if there is one that does.</param>
/// <param name="Token">What the backend is to be shown; null when tokens are not relayed.</param>
internal sealed record Caller(UserId User, DateTimeOffset? Expires, RelayToken? Token)
{
    /// <summary>The name under which authentication keeps the token, if it keeps it.</summary>
    public const string TokenName = "access_token";

    /// <summary>The token's own id (<c>jti</c>), if it has one.</summary>
    public string? TokenId { get; init; }

    /// <summary>When the token was issued, Unix time in milliseconds; 0 when it does not say, so that any revocation of its user's tokens is one of it.</summary>
    public long IssuedAt { get; init; }

    /// <summary>What ends when the token does, where the line has it already; else each tab has its own.</summary>
    public TokenLease? Lease { get; init; }

    /// <summary>Who made a request.</summary>
    /// <exception cref="InvalidOperationException">The way in forgot to require authentication.</exception>
    public static Caller Of(HttpContext http)
    {
        var properties = http.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Properties;
        var expires = properties?.ExpiresUtc;
        return Of(http.User, http.User.UserId(), expires, Relayed(properties?.GetTokenValue(TokenName), expires));
    }

    /// <summary>Who has shown a token.</summary>
    /// <param name="claims">What the token says.</param>
    /// <param name="user">Whose it is.</param>
    /// <param name="expires">When it expires.</param>
    /// <param name="token">What the backend is to be shown.</param>
    public static Caller Of(ClaimsPrincipal claims, UserId user, DateTimeOffset? expires, RelayToken? token) => new(user, expires, token)
    {
        TokenId = claims.FindFirst("jti")?.Value,
        IssuedAt = Seconds(claims.FindFirst("iat") ?? claims.FindFirst("nbf")) * 1_000,
    };

    /// <summary>A token as it is relayed.</summary>
    public static RelayToken? Relayed(string? token, DateTimeOffset? expires) =>
        token is null ? null : new RelayToken { Value = token, ExpiresAt = (expires ?? DateTimeOffset.MaxValue).ToUnixTimeMilliseconds() };

    private static long Seconds(Claim? claim) =>
        long.TryParse(claim?.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds < long.MaxValue / 1_000 ? seconds : 0;
}
