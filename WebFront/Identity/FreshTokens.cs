using System.Security.Claims;
using Connections.Core;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace Connections.WebFront.Identity;

/// <summary>Checks tokens that a tab sends over a line that is open already, by the same rules as those it comes with.</summary>
internal sealed class FreshTokens(IOptionsMonitor<JwtBearerOptions> jwt, IOptions<AuthOptions> auth, IOptions<FrontOptions> front, Revocations revocations)
{
    /// <summary>Who the token says its holder is.</summary>
    /// <returns>Null when it is not valid, was revoked, or is not this user's.</returns>
    public async Task<Caller?> CheckAsync(string token, UserId user)
    {
        var options = jwt.Get(JwtBearerDefaults.AuthenticationScheme);
        var rules = options.TokenValidationParameters.Clone();
        rules.ConfigurationManager ??= options.ConfigurationManager as BaseConfigurationManager;
        foreach (var handler in options.TokenHandlers)
        {
            var result = await handler.ValidateTokenAsync(token, rules);
            if (!result.IsValid || result.ClaimsIdentity.FindFirst(auth.Value.UserIdClaim)?.Value != user.Value)
                continue;
            var expires = new DateTimeOffset(result.SecurityToken.ValidTo, TimeSpan.Zero);
            var caller = Caller.Of(new ClaimsPrincipal(result.ClaimsIdentity), user, expires, front.Value.RelayTokens ? Caller.Relayed(token, expires) : null);
            return revocations.Revoked(caller) ? null : caller;
        }

        return null;
    }
}
