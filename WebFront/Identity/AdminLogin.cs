using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;

namespace Connections.WebFront.Identity;

/// <summary>
/// Lets a browser into the admin pages: an admin pastes a token once, and it is kept in a cookie that scripts cannot read. The cookie is the
/// token itself, so every front takes it, and it ends when the token does.
/// </summary>
internal static class AdminLogin
{
    /// <summary>The cookie that has the token.</summary>
    public const string Cookie = "connections-admin";

    private const string Route = "/login";
    private static readonly string[] Pages = ["/monitor", "/orleans", "/admin"];

    /// <summary>The token of a request for an admin page; elsewhere the cookie means nothing, and no foreign page can make use of it.</summary>
    public static string? TokenOf(HttpRequest request) =>
        Array.Exists(Pages, p => request.Path.StartsWithSegments(p, StringComparison.Ordinal)) ? request.Cookies[Cookie] : null;

    /// <summary>The token that somebody logs in with: authentication happens once per request, before the page's own code.</summary>
    public static async Task<string?> PostedTokenAsync(HttpRequest request) =>
        HttpMethods.IsPost(request.Method) && request.Path == Route && request.HasFormContentType
            ? (await request.ReadFormAsync(request.HttpContext.RequestAborted))["token"].ToString().Trim()
            : null;

    /// <summary>Where a browser without a token is sent, when it asks for a page.</summary>
    public static bool IsPage(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal)
        && Array.Exists(Pages, p => request.Path.StartsWithSegments(p, StringComparison.Ordinal));

    /// <summary>Maps the login.</summary>
    public static void MapAdminLogin(this WebApplication app)
    {
        app.MapGet(Route, (HttpContext http, string? to) => Form(http, to, null)).AllowAnonymous();
        app.MapPost(Route, LoginAsync).AllowAnonymous().DisableAntiforgery();
        app.MapPost("/logout", (HttpContext http) =>
        {
            http.Response.Cookies.Delete(Cookie);
            return Results.Redirect(Route);
        }).AllowAnonymous().DisableAntiforgery();
    }

    /// <summary>The address of the login for a page.</summary>
    public static string AddressFor(HttpRequest request) => $"{Route}?to={Uri.EscapeDataString(request.Path + request.QueryString)}";

    private static async Task<IResult> LoginAsync(HttpContext http, IOptions<AuthOptions> auth)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var (token, to) = (form["token"].ToString().Trim(), form["to"].ToString());
        var result = await http.AuthenticateAsync(JwtBearerDefaults.AuthenticationScheme);
        if (!result.Succeeded)
            return Form(http, to, "This token is not valid: it may have expired.");
        if (!result.Principal.HasClaim(c => c.Type == "role" && c.Value == auth.Value.AdminRole))
            return Form(http, to, $"This token has no role '{auth.Value.AdminRole}'.");
        http.Response.Cookies.Append(Cookie, token, new CookieOptions
        {
            HttpOnly = true,
            Secure = http.Request.IsHttps || http.Request.Headers["X-Forwarded-Proto"] == "https",
            SameSite = SameSiteMode.Strict,
            Expires = result.Properties.ExpiresUtc,
        });

        // Only to a page of ours: the address came from outside.
        return Results.Redirect(Array.Exists(Pages, p => new PathString(PathOf(to)).StartsWithSegments(p, StringComparison.Ordinal)) ? to : Pages[0]);
    }

    private static string PathOf(string to) =>
        to.StartsWith('/') && !to.StartsWith("//", StringComparison.Ordinal) && !to.Contains('\\', StringComparison.Ordinal) ? to.Split('?')[0] : "/";

    private static IResult Form(HttpContext http, string? to, string? problem)
    {
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'";
        var encode = System.Text.Encodings.Web.HtmlEncoder.Default;
        return Results.Content(
            $$"""
            <!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark"><title>Connections: log in</title>
            <style>body{font:16px system-ui;max-width:32rem;margin:15vh auto;padding:0 1rem}textarea{width:100%;height:8rem;font:13px monospace}button{font:inherit;padding:.5rem 1.5rem;margin-top:.5rem}p.problem{color:#c33}</style>
            <h1>Log in</h1><p>Paste a token with the admin role. It stays in this browser until it expires.</p>
            {{(problem is null ? "" : $"<p class=\"problem\" role=\"alert\">{encode.Encode(problem)}</p>")}}
            <form method="post" action="/login"><input type="hidden" name="to" value="{{encode.Encode(to ?? Pages[0])}}">
            <label>Token<textarea name="token" required autocomplete="off" spellcheck="false"></textarea></label><button>Log in</button></form></html>
            """,
            "text/html; charset=utf-8",
            statusCode: problem is null ? StatusCodes.Status200OK : StatusCodes.Status401Unauthorized);
    }
}
