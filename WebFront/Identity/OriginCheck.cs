using Microsoft.Extensions.Options;

namespace Connections.WebFront.Identity;

/// <summary>
/// Refuses browsers that come from a foreign page. CORS does not protect WebSockets: without this, any page that a user visits could
/// open the user's connection where cookies or a network position vouch for it.
/// </summary>
internal static class OriginCheck
{
    /// <summary>Checks every request that names an origin, before anything else sees it.</summary>
    public static void UseOriginCheck(this WebApplication app)
    {
        var allowed = app.Services.GetRequiredService<IOptions<AuthOptions>>().Value.AllowedOrigins.ToHashSet(StringComparer.OrdinalIgnoreCase);
        app.Use((http, next) =>
        {
            var origin = http.Request.Headers.Origin.ToString();
            return origin.Length == 0 || allowed.Contains(origin) || IsOwn(origin, http.Request.Host)
                ? next(http)
                : Results.Problem(
                    "This page may not connect here: its origin is neither the gateway's own nor one of Auth:AllowedOrigins.",
                    statusCode: StatusCodes.Status403Forbidden).ExecuteAsync(http);
        });
    }

    // The scheme is left out: behind a balancer that ends TLS it differs.
    private static bool IsOwn(string origin, HostString host) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri) && string.Equals(uri.Authority, host.Value, StringComparison.OrdinalIgnoreCase);
}
