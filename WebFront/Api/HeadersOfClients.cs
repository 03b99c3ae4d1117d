using System.Net.Http.Headers;
using Connections.WebFront.Identity;

namespace Connections.WebFront.Api;

/// <summary>
/// Takes out of a request what only a proxy may say, and what is for the gateway alone: a backend that believes such a header must not hear it from a
/// client. What the proxy itself says (<c>X-Forwarded-For</c>, <c>-Host</c>, <c>-Proto</c>, <c>-Prefix</c>) takes the place of what came.
/// </summary>
internal static class HeadersOfClients
{
    private static readonly string[] Names = ["Forwarded", "X-Real-IP", "X-Original-URL", "X-Rewrite-URL", "X-Connection-Generation"];
    private static readonly string[] Prefixes = ["X-Forwarded-", "X-Original-"];
    private static readonly HashSet<string> OfTheProxy =
        new(["X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Prefix"], StringComparer.OrdinalIgnoreCase);

    /// <summary>Takes them out.</summary>
    public static void Strip(HttpRequestHeaders headers)
    {
        List<string>? found = null;
        foreach (var (name, _) in headers.NonValidated)
        {
            if (!OfTheProxy.Contains(name) && IsOfClients(name))
                (found ??= []).Add(name);
        }

        foreach (var name in found ?? [])
            headers.Remove(name);
        if (headers.NonValidated.TryGetValues("Cookie", out var cookies))
            WithoutLogin(headers, cookies.ToString());
    }

    private static bool IsOfClients(string name) =>
        Array.Exists(Names, n => n.Equals(name, StringComparison.OrdinalIgnoreCase))
        || Array.Exists(Prefixes, p => name.StartsWith(p, StringComparison.OrdinalIgnoreCase));

    // The login of the admin pages is a token of an admin; browsers send it with every address of the gateway.
    private static void WithoutLogin(HttpRequestHeaders headers, string cookies)
    {
        if (!cookies.Contains(AdminLogin.Cookie, StringComparison.Ordinal))
            return;
        headers.Remove("Cookie");
        var others = cookies.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(c => !c.StartsWith($"{AdminLogin.Cookie}=", StringComparison.Ordinal)).ToArray();
        if (others.Length > 0)
            headers.TryAddWithoutValidation("Cookie", string.Join("; ", others));
    }
}
