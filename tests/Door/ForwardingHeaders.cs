using System.Collections.Concurrent;
using System.Net;
using Connections.Testing.Processes;
using Connections.WebFront.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Connections.Door.Tests;

/// <summary>What a client says about itself in headers that proxies write reaches no backend and is not believed, unless it comes through a proxy that was named.</summary>
public sealed class ForwardingHeaders(ForwardingHeaders.Fixture fixture) : IClassFixture<ForwardingHeaders.Fixture>
{
    private static readonly (string Name, string Value)[] Claims =
    [
        ("X-Forwarded-For", "203.0.113.7"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "evil.example.org"), ("X-Forwarded-Prefix", "/evil"),
        ("X-Forwarded-Port", "1"), ("X-Forwarded-User", "root"), ("X-Forwarded-Email", "root@example.org"), ("Forwarded", "for=203.0.113.7;host=evil.example.org"),
        ("X-Real-IP", "203.0.113.7"), ("X-Original-For", "203.0.113.7"), ("X-Original-URL", "/admin"), ("X-Rewrite-URL", "/admin"), ("X-Connection-Generation", "99"),
    ];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_client_cannot_say_for_a_proxy_who_it_is()
    {
        var front = fixture.TrustingNobody;
        var seen = await AskAsync(front);

        Assert.Equal(
            ("127.0.0.1", "http", front.Address.Authority),
            (seen["X-Forwarded-For"].ToString(), seen["X-Forwarded-Proto"].ToString(), seen["X-Forwarded-Host"].ToString()));
        Assert.All(Claims.Skip(3), c => Assert.DoesNotContain(c.Name, seen.Keys));
        Assert.DoesNotContain(seen, h => h.Value.ToString().Contains("evil", StringComparison.Ordinal) || h.Value.ToString().Contains("203.0.113.7", StringComparison.Ordinal));

        // The login of an admin is the gateway's own; other cookies are the backend's.
        Assert.Equal("a=1; b=2", seen["Cookie"].ToString());
    }

    [Fact]
    public async Task A_proxy_that_was_named_is_believed_and_the_backend_hears_whom_it_took_in()
    {
        var front = fixture.TrustingNamed;
        var seen = await AskAsync(front);

        Assert.Equal(("203.0.113.7", "https"), (seen["X-Forwarded-For"].ToString(), seen["X-Forwarded-Proto"].ToString()));
        Assert.Equal(front.Address.Authority, seen["X-Forwarded-Host"].ToString());
        Assert.All(Claims.Skip(3), c => Assert.DoesNotContain(c.Name, seen.Keys));
    }

    [Fact]
    public async Task A_proxy_that_was_not_named_is_not_believed_and_a_redirect_of_the_backend_is_not_followed()
    {
        var front = fixture.TrustingAnother;
        Assert.Equal("127.0.0.1", (await AskAsync(front))["X-Forwarded-For"].ToString());
        using var http = Client();
        using var away = await http.GetAsync(new Uri(front.Address, "/api/away"), Ct);
        Assert.Equal((HttpStatusCode.Redirect, "169.254.169.254"), (away.StatusCode, away.Headers.Location!.Host));
    }

    [Fact]
    public async Task Limits_of_Kestrel_are_settings()
    {
        using var http = Client();
        for (var i = 0; i < 30; i++)
            http.DefaultRequestHeaders.Add($"X-{i}", "x");

        using var within = await http.GetAsync(new Uri(fixture.TrustingNobody.Address, "/connection"), Ct);
        using var beyond = await http.GetAsync(new Uri(fixture.TrustingAnother.Address, "/connection"), Ct);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.RequestHeaderFieldsTooLarge), (within.StatusCode, beyond.StatusCode));
    }

    private static HttpClient Client()
    {
        var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false });
        http.DefaultRequestHeaders.Authorization = new("Bearer", Tokens.For("alice"));
        return http;
    }

    private async Task<IHeaderDictionary> AskAsync(FrontProcess front)
    {
        using var http = Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(front.Address, "/api/headers"));
        foreach (var (name, value) in Claims)
            request.Headers.TryAddWithoutValidation(name, value);
        request.Headers.TryAddWithoutValidation("Cookie", $"a=1; connections-admin={Tokens.For("boss", claims: ("role", "admin"))}; b=2");
        using var response = await http.SendAsync(request, Ct);
        response.EnsureSuccessStatusCode();
        Assert.True(fixture.Seen.TryDequeue(out var seen));
        return seen;
    }

    /// <summary>A silo, a backend that notes what it hears, and three fronts that differ in whom they trust.</summary>
    public sealed class Fixture : IAsyncLifetime
    {
        private readonly RedisServer _redis = new();
        private WebApplication _backend = null!;
        private SiloProcess _silo = null!;

        public ConcurrentQueue<IHeaderDictionary> Seen { get; } = [];

        public FrontProcess TrustingNobody { get; private set; } = null!;

        public FrontProcess TrustingNamed { get; private set; } = null!;

        public FrontProcess TrustingAnother { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            await _redis.StartAsync();
            var builder = WebApplication.CreateBuilder();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Logging.ClearProviders();
            _backend = builder.Build();
            _backend.MapGet("/api/headers", (HttpContext http) =>
            {
                Seen.Enqueue(new HeaderDictionary(http.Request.Headers.ToDictionary(h => h.Key, h => h.Value)));
                return "";
            });
            _backend.MapGet("/api/away", () => Results.Redirect("http://169.254.169.254/latest/meta-data"));
            await _backend.StartAsync();
            _silo = SiloProcess.Start("silo", _redis.ConnectionString, "", []);
            await _silo.IsReadyAsync();
            TrustingNobody = Start([]);
            TrustingNamed = Start(["Front:TrustedProxies:0=127.0.0.0/8"]);
            TrustingAnother = Start(["Front:TrustedProxies:0=10.1.2.3", "Kestrel:Limits:MaxRequestHeaderCount=20"]);
            await Task.WhenAll(TrustingNobody.IsReadyAsync(), TrustingNamed.IsReadyAsync(), TrustingAnother.IsReadyAsync());
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var front in (FrontProcess[])[TrustingNobody, TrustingNamed, TrustingAnother])
                await front.Process.DisposeAsync();
            await _silo.Process.DisposeAsync();
            await _backend.DisposeAsync();
            await _redis.DisposeAsync();
        }

        private FrontProcess Start(string[] settings) => FrontProcess.Start(
            "front", _redis.ConnectionString, [$"Auth:SigningKey={Tokens.Key}", $"Api:Destination={_backend.Urls.First()}", .. settings], "Production");
    }
}
