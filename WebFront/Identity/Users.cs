using System.Security.Claims;
using Connections.Core;

namespace Connections.WebFront.Identity;

/// <summary>The user behind a request: put in by authentication, read by every way in.</summary>
internal static class Users
{
    /// <summary>
    /// The claim that authentication puts the checked user id in, and the label of the identity that has it: no token can set a label, so
    /// a claim of this name in a token means nothing.
    /// </summary>
    public const string Claim = "connections:user";

    /// <summary>The user of an authenticated principal.</summary>
    /// <exception cref="InvalidOperationException">The way in forgot to require authentication.</exception>
    public static UserId UserId(this ClaimsPrincipal principal) =>
        Core.UserId.TryParse(principal.Identities.FirstOrDefault(i => i.Label == Claim)?.FindFirst(Claim)?.Value, out var user)
            ? user
            : throw new InvalidOperationException("This request is not authenticated: the endpoint must require authorization.");

    /// <summary>An identity for a checked user.</summary>
    public static ClaimsIdentity Identity(UserId user, string scheme) =>
        new([new Claim(Claim, user.Value)], scheme) { Label = Claim };
}
