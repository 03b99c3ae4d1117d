using System.Net;

namespace Connections.WebFront.Tests;

/// <summary>A browser that comes from a foreign page may not connect, even with a good token.</summary>
public sealed class ComingFromAForeignPage(ProductionGateway fixture) : IClassFixture<ProductionGateway>
{
    private readonly RunningGateway _gateway = fixture.Gateway;

    public static TheoryData<string, string> Foreign => new()
    {
        { "/ws", "https://evil.example.org" },
        { "/hubs/connection", "https://evil.example.org" },
        { "/ws", "null" },
        { "/ws", $"{ProductionGateway.AllowedOrigin}.evil.example.org" },
        { "/ws", "http://127.0.0.1" },
    };

    [Theory, MemberData(nameof(Foreign))]
    public async Task A_foreign_origin_gets_403(string path, string origin) =>
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(path, origin));

    [Theory]
    [InlineData("/ws")]
    [InlineData("/hubs/connection")]
    public async Task The_fronts_own_origin_may_connect(string path) =>
        Assert.Equal(HttpStatusCode.SwitchingProtocols, await StatusAsync(path, _gateway.Address.GetLeftPart(UriPartial.Authority)));

    [Theory]
    [InlineData("/ws")]
    [InlineData("/hubs/connection")]
    public async Task An_origin_that_the_settings_allow_may_connect(string path) =>
        Assert.Equal(HttpStatusCode.SwitchingProtocols, await StatusAsync(path, ProductionGateway.AllowedOrigin));

    [Fact]
    public async Task A_foreign_origin_cannot_negotiate_either()
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add("Origin", "https://evil.example.org");
        http.DefaultRequestHeaders.Authorization = new("Bearer", Tokens.For(RunningGateway.NewUser()));

        using var response = await http.PostAsync(new Uri(_gateway.Address, "/hubs/connection/negotiate?negotiateVersion=1"), null, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    private Task<HttpStatusCode> StatusAsync(string path, string origin) =>
        Handshake.StatusAsync(_gateway.Address, path, $"access_token={Tokens.For(RunningGateway.NewUser())}", origin);
}
