using System.Net;
using Connections.Testing;
using Connections.Testing.Tabs;

namespace Connections.WebFront.Tests;

/// <summary>Outside Development the token alone says who a tab is, on every way in.</summary>
public sealed class ProvingWhoYouAre(ProductionGateway fixture) : IClassFixture<ProductionGateway>
{
    private readonly RunningGateway _gateway = fixture.Gateway;

    public static TheoryData<string, string?> Refused => new()
    {
        { "no token", null },
        { "no token at all", "abc" },
        { "a wrong key", Tokens.For("alice", key: "another key that is just as long as the right one") },
        { "an expired token", Tokens.For("alice", TimeSpan.FromMinutes(-5)) },
        { "a user id that leaves its path", Tokens.For("../alice") },
        { "a user id of dots", Tokens.For("..") },
        { "an empty user id", Tokens.For("") },
        { "no signature", Unsigned(Tokens.For("alice")) },
    };

    [Theory, MemberData(nameof(Refused))]
    public async Task A_token_that_proves_nothing_gets_401(string what, string? token)
    {
        Assert.True(await NegotiateAsync(token) == HttpStatusCode.Unauthorized, $"the hub's negotiation with {what}");
        Assert.True(await WebSocketAsync("/hubs/connection", token) == HttpStatusCode.Unauthorized, $"the hub's WebSocket with {what}");
        Assert.True(await WebSocketAsync("/ws", token) == HttpStatusCode.Unauthorized, $"the raw WebSocket with {what}");
        Assert.Equal((0, 0, 0), await _gateway.Backend.UserAsync("alice"));
    }

    [Theory]
    [InlineData("/ws")]
    [InlineData("/hubs/connection")]
    public async Task The_user_parameter_is_refused_outside_Development(string path) =>
        Assert.Equal(HttpStatusCode.Unauthorized, await WebSocketAsync(path, null, "user=alice"));

    [Fact]
    public async Task A_good_token_opens_its_users_connection_on_the_hub()
    {
        var user = RunningGateway.NewUser();

        await using var header = await HubTab.OpenAsync(_gateway.Address, "ignored", token: Tokens.For(user), skipNegotiation: false);
        await using var query = await HubTab.OpenAsync(_gateway.Address, "ignored", token: Tokens.For(user));

        Assert.Equal((user, user), (header.Opened.User, query.Opened.User));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_good_token_opens_its_users_connection_on_the_raw_socket(bool inTheQuery)
    {
        var user = RunningGateway.NewUser();
        var token = Tokens.For(user);

        using var tab = inTheQuery
            ? await RawTab.ConnectAsync(_gateway.Address, $"access_token={token}", RawTab.Envelopes)
            : await RawTab.ConnectAsync(_gateway.Address, "user=mallory", RawTab.Envelopes, ("Authorization", $"Bearer {token}"));
        await tab.SendAsync("""{"type":"open"}""");

        Assert.Equal(user, (await tab.NextAsync("opened")).GetProperty("user").GetString());
    }

    [Fact]
    public async Task A_claim_with_the_name_of_our_own_does_not_make_another_user()
    {
        var user = RunningGateway.NewUser();

        await using var tab = await HubTab.OpenAsync(
            _gateway.Address, "ignored", token: Tokens.For(user, claims: ("connections:user", "mallory")));

        Assert.Equal(user, tab.Opened.User);
    }

    [Fact]
    public async Task A_token_that_expires_closes_the_hub_connection_and_no_other()
    {
        var user = RunningGateway.NewUser();
        await using var stays = await HubTab.OpenAsync(_gateway.Address, "ignored", token: Tokens.For(user));
        await using var expires = await HubTab.OpenAsync(_gateway.Address, "ignored", token: Tokens.For(user, TimeSpan.FromSeconds(2)));

        await Eventually.HoldsAsync(() => expires.Closed.IsCompleted, "the connection is closed");

        await _gateway.Backend.PushAsync(user, "still here");
        await Eventually.HoldsAsync(() => stays.History.Frames.Any(f => f.Text == "still here"), "the other tab goes on");
    }

    [Fact]
    public async Task A_token_that_expires_closes_the_raw_socket_with_4501()
    {
        using var verbatim = await RawTab.ConnectAsync(_gateway.Address, $"access_token={Tokens.For(RunningGateway.NewUser(), TimeSpan.FromSeconds(2))}");
        using var envelopes = await RawTab.ConnectAsync(
            _gateway.Address, $"access_token={Tokens.For(RunningGateway.NewUser(), TimeSpan.FromSeconds(2))}", RawTab.Envelopes);
        await envelopes.SendAsync("""{"type":"open"}""");

        await verbatim.UntilClosedAsync();
        var messages = await envelopes.UntilClosedAsync();

        Assert.Equal((4501, "unauthorized"), verbatim.Closed);
        Assert.Equal((4501, "unauthorized"), envelopes.Closed);
        Assert.Equal("""{"type":"closing","reason":"unauthorized"}""", messages[^1]);
    }

    private static string Unsigned(string token) =>
        $"{Microsoft.IdentityModel.Tokens.Base64UrlEncoder.Encode("""{"alg":"none","typ":"JWT"}""")}.{token.Split('.')[1]}.";

    private async Task<HttpStatusCode> NegotiateAsync(string? token)
    {
        using var http = new HttpClient();
        if (token is not null)
            http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        using var response = await http.PostAsync(new Uri(_gateway.Address, "/hubs/connection/negotiate?negotiateVersion=1"), null);
        return response.StatusCode;
    }

    private Task<HttpStatusCode> WebSocketAsync(string path, string? token, string query = "") =>
        Handshake.StatusAsync(_gateway.Address, path, token is null ? query : $"access_token={token}");
}
