using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Connections.Compose.Tests;

/// <summary>A user's token, signed as the fronts of the stack expect it.</summary>
internal static class SignedToken
{
    /// <summary>A JWT that is good for an hour.</summary>
    public static string For(string user, string key, string? role = null)
    {
        var expires = TimeProvider.System.GetUtcNow().AddHours(1).ToUnixTimeSeconds();
        var claims = new Dictionary<string, object> { ["sub"] = user, ["exp"] = expires };
        if (role is not null)
            claims["role"] = role;
        var text = $"{Part(new Dictionary<string, object> { ["alg"] = "HS256", ["typ"] = "JWT" })}.{Part(claims)}";
        return $"{text}.{Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(text)))}";
    }

    private static string Part(Dictionary<string, object> content) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(content));
}
