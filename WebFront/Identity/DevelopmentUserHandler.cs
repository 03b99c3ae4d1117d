using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Connections.Core;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Connections.WebFront.Identity;

/// <summary>Takes <c>?user=alice</c> for the user. Registered in the Development environment only.</summary>
internal sealed class DevelopmentUserHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    /// <summary>The scheme's name.</summary>
    public const string SchemeName = "DevelopmentUser";

    /// <summary>The query parameter.</summary>
    public const string Parameter = "user";

    /// <inheritdoc/>
    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!UserId.TryParse(Request.Query[Parameter], out var user))
            return Task.FromResult(AuthenticateResult.Fail("?user= is not a user id: 1 to 128 of A-Z a-z 0-9 _ . @ -, and not '.' or '..'."));
        var identity = Users.Identity(user, SchemeName);

        // As if a token had been issued for this very request: whoever was disconnected by a revocation may come again.
        identity.AddClaim(new Claim("iat", (TimeProvider.GetUtcNow().ToUnixTimeSeconds() + 1).ToString(CultureInfo.InvariantCulture)));
        var principal = new ClaimsPrincipal(identity);
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(principal, SchemeName)));
    }
}
