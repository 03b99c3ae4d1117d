using Connections.Core;
using Connections.Grains.Abstractions.Delivery;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace Connections.WebFront.Identity;

/// <summary>Checks tokens that a tab sends over a line that is open already, by the same rules as those it comes with.</summary>
internal sealed class FreshTokens(IOptionsMonitor<JwtBearerOptions> jwt, IOptions<AuthOptions> auth, IOptions<FrontOptions> front)
{
    /// <summary>The token as it is relayed.</summary>
    /// <returns>Null when it is not valid, is not this user's, or tokens are not relayed.</returns>
    public async Task<RelayToken?> CheckAsync(string token, UserId user)
    {
        if (!front.Value.RelayTokens)
            return null;
        var options = jwt.Get(JwtBearerDefaults.AuthenticationScheme);
        var rules = options.TokenValidationParameters.Clone();
        rules.ConfigurationManager ??= options.ConfigurationManager as BaseConfigurationManager;
        foreach (var handler in options.TokenHandlers)
        {
            var result = await handler.ValidateTokenAsync(token, rules);
            if (result.IsValid && result.ClaimsIdentity.FindFirst(auth.Value.UserIdClaim)?.Value == user.Value)
                return Caller.Relayed(token, new DateTimeOffset(result.SecurityToken.ValidTo, TimeSpan.Zero));
        }

        return null;
    }
}
