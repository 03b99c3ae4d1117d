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

    /// <summary>Who made a request.</summary>
    /// <exception cref="InvalidOperationException">The way in forgot to require authentication.</exception>
    public static Caller Of(HttpContext http)
    {
        var properties = http.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Properties;
        var expires = properties?.ExpiresUtc;
        return new Caller(http.User.UserId(), expires, Relayed(properties?.GetTokenValue(TokenName), expires));
    }

    /// <summary>A token as it is relayed.</summary>
    public static RelayToken? Relayed(string? token, DateTimeOffset? expires) =>
        token is null ? null : new RelayToken { Value = token, ExpiresAt = (expires ?? DateTimeOffset.MaxValue).ToUnixTimeMilliseconds() };
}
