using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Connections.WebFront.Tests;

/// <summary>Signs tokens.</summary>
internal static class Tokens
{
    /// <summary>The key of the gateways under test.</summary>
    public const string Key = "the key of the gateways under test, long enough";

    /// <summary>A token for a user.</summary>
    public static string For(string user, TimeSpan? lifetime = null, string key = Key, params (string Name, object Value)[] claims)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var expires = now + (lifetime ?? TimeSpan.FromMinutes(5));
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Claims = claims.Append(("sub", user)).ToDictionary(c => c.Item1, c => c.Item2),
            NotBefore = expires.AddHours(-1),
            Expires = expires,
            SigningCredentials = new SigningCredentials(new SymmetricSecurityKey(Encoding.UTF8.GetBytes(key)), SecurityAlgorithms.HmacSha256),
        });
    }
}
