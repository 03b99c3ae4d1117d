using System.Net;

namespace Connections.WebFront.Tests;

/// <summary>How a browser gets into the admin pages outside Development: with a token, pasted once.</summary>
public sealed class LoggingInForAdminPages(ProductionGateway production) : IClassFixture<ProductionGateway>, IDisposable
{
    private readonly HttpClient _browser = new(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() })
    {
        BaseAddress = production.Gateway.Address,
        DefaultRequestHeaders = { { "Accept", "text/html" } },
    };

    [Theory]
    [InlineData("/monitor/")]
    [InlineData("/orleans/")]
    public async Task A_browser_without_a_token_is_sent_to_the_login_and_with_an_admins_token_gets_in(string page)
    {
        using var sent = await _browser.GetAsync(page);
        Assert.Equal(HttpStatusCode.Redirect, sent.StatusCode);
        Assert.StartsWith("/login?to=", sent.Headers.Location!.OriginalString, StringComparison.Ordinal);

        using var login = await LoginAsync(Tokens.For("boss", claims: ("role", "admin")), page);
        Assert.Equal(page, login.Headers.Location!.OriginalString);
        var cookie = Assert.Single(login.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);

        using var shown = await _browser.GetAsync(page);
        Assert.Equal(HttpStatusCode.OK, shown.StatusCode);
    }

    [Fact]
    public async Task A_token_without_the_role_or_of_another_key_does_not_get_in()
    {
        using var user = await LoginAsync(Tokens.For("alice"), "/monitor/");
        Assert.Equal(HttpStatusCode.Unauthorized, user.StatusCode);
        Assert.Contains("has no role", await user.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        using var forged = await LoginAsync(Tokens.For("boss", key: "another key that nobody here has ever seen", claims: ("role", "admin")), "/monitor/");
        Assert.Equal(HttpStatusCode.Unauthorized, forged.StatusCode);
        using var shown = await _browser.GetAsync("/monitor/");
        Assert.Equal(HttpStatusCode.Redirect, shown.StatusCode);
    }

    [Theory]
    [InlineData("//evil.example.org/monitor")]
    [InlineData("https://evil.example.org/")]
    [InlineData("/\\evil.example.org")]
    public async Task The_login_leads_to_no_foreign_page(string to)
    {
        using var login = await LoginAsync(Tokens.For("boss", claims: ("role", "admin")), to);
        Assert.Equal("/monitor", login.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task The_cookie_opens_no_tab_and_no_foreign_page_can_use_it()
    {
        using var login = await LoginAsync(Tokens.For("boss", claims: ("role", "admin")), "/monitor/");
        using var tab = await _browser.PostAsync("/hubs/connection/negotiate?negotiateVersion=1", null);
        Assert.Equal(HttpStatusCode.Unauthorized, tab.StatusCode);

        using var foreign = new HttpRequestMessage(HttpMethod.Get, "/monitor/stream") { Headers = { { "Origin", "https://evil.example.org" } } };
        using var refused = await _browser.SendAsync(foreign);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    public void Dispose() => _browser.Dispose();

    private async Task<HttpResponseMessage> LoginAsync(string token, string to)
    {
        using var form = new FormUrlEncodedContent([new("token", token), new("to", to)]);
        return await _browser.PostAsync("/login", form);
    }
}
