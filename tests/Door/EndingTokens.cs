using System.Net;
using System.Net.WebSockets;
using Connections.Testing;
using Connections.Testing.Tabs;
using Connections.WebFront.Tests;
using Microsoft.AspNetCore.SignalR;

namespace Connections.Door.Tests;

/// <summary>A token that expires or is revoked ends what it opened, on every front and towards the backend, within 5 s; one that is renewed in time does not.</summary>
public sealed class EndingTokens(ClosedCluster fixture, ITestOutputHelper output) : IClassFixture<ClosedCluster>
{
    private static readonly TimeSpan Goal = TimeSpan.FromSeconds(5);
    private static int _last;

    private readonly string _user = $"ending-{Interlocked.Increment(ref _last)}";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Revoking_a_users_tokens_closes_every_tab_on_both_fronts_and_the_upstream_within_5_s_and_no_other_user()
    {
        var token = ClosedCluster.IssuedBefore(_user);
        await using var other = await HubTab.OpenAsync(fixture.First, "", token: Tokens.For($"{_user}-other"));
        await using var lines = await Lines.OpenAsync(fixture, token);
        await IsOpenAsync(_user);
        await IsOpenAsync($"{_user}-other");

        var started = TimeProvider.System.GetTimestamp();
        var revoked = await fixture.AdminAsync(HttpMethod.Post, $"/admin/users/{_user}/revoke", new { reason = "stolen laptop" });
        await lines.AreClosedAsync();
        await IsGoneAsync(_user);

        Report("revocation of a user's tokens", started);
        Assert.Equal(lines.Count, revoked.GetProperty("lines").GetInt32());
        Assert.Equal(HttpStatusCode.Unauthorized, await ClosedCluster.StatusAsync(fixture.First, token));
        Assert.Equal(HttpStatusCode.Unauthorized, await ClosedCluster.StatusAsync(fixture.Second, token));
        Assert.False(other.Closed.IsCompleted);
        Assert.Equal(1, (await fixture.Cluster.Backend.UserAsync($"{_user}-other")).Connections);
        var listed = (await fixture.AdminAsync(HttpMethod.Get, "/admin/revocations")).EnumerateArray().Single(r => r.GetProperty("user").GetString() == _user);
        Assert.Equal("operator: stolen laptop", listed.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task A_token_issued_after_the_revocation_is_good()
    {
        var old = ClosedCluster.IssuedBefore(_user);
        await fixture.AdminAsync(HttpMethod.Post, $"/admin/users/{_user}/revoke");
        var fresh = Tokens.For(_user, claims: ("iat", TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 1));

        foreach (var front in (Uri[])[fixture.First, fixture.Second])
        {
            await Eventually.HoldsAsync(async () => await ClosedCluster.StatusAsync(front, old) == HttpStatusCode.Unauthorized, "the old one is refused", Goal);
            Assert.Equal(HttpStatusCode.OK, await ClosedCluster.StatusAsync(front, fresh));
        }
    }

    [Fact]
    public async Task Revoking_one_token_by_its_id_closes_what_it_opened_on_both_fronts_and_leaves_the_users_other_tabs()
    {
        var (lost, kept) = (Tokens.For(_user, claims: ("jti", $"{_user}-lost")), Tokens.For(_user, claims: ("jti", $"{_user}-kept")));
        await using var other = await HubTab.OpenAsync(fixture.Second, "", token: kept);
        await using var lines = await Lines.OpenAsync(fixture, lost);

        // The front has checked this token within the last seconds, and remembers that it was good.
        Assert.Equal(HttpStatusCode.OK, await ClosedCluster.StatusAsync(fixture.First, lost));
        var started = TimeProvider.System.GetTimestamp();
        await fixture.AdminAsync(HttpMethod.Post, $"/admin/tokens/{_user}-lost/revoke");
        await lines.AreClosedAsync();

        Report("revocation of one token", started);
        Assert.Equal(HttpStatusCode.Unauthorized, await ClosedCluster.StatusAsync(fixture.First, lost));
        Assert.Equal(HttpStatusCode.Unauthorized, await ClosedCluster.StatusAsync(fixture.Second, lost));
        Assert.Equal(HttpStatusCode.OK, await ClosedCluster.StatusAsync(fixture.Second, kept));
        await fixture.Cluster.Backend.PushAsync(_user, "still here");
        await Eventually.HoldsAsync(() => other.History.Frames.Any(f => f.Text == "still here"), "the tab with the other token goes on");
    }

    [Fact]
    public async Task A_token_that_expires_closes_every_tab_on_both_fronts_and_the_upstream_within_5_s()
    {
        var lifetime = TimeSpan.FromSeconds(4);
        var token = Tokens.For(_user, lifetime);
        var expires = TimeProvider.System.GetUtcNow() + lifetime;
        await using var lines = await Lines.OpenAsync(fixture, token);
        await IsOpenAsync(_user);

        await lines.AreClosedAsync();
        await IsGoneAsync(_user);

        var late = TimeProvider.System.GetUtcNow() - expires;
        output.WriteLine($"expiry: everything was closed {late.TotalSeconds:0.00} s after it.");
        Assert.InRange(late, TimeSpan.FromSeconds(-1), Goal);
    }

    [Fact]
    public async Task A_tab_that_shows_a_fresh_token_over_its_line_outlives_the_one_it_came_with()
    {
        string Short() => Tokens.For(_user, TimeSpan.FromSeconds(4));
        var fresh = Tokens.For(_user);
        await using var hub = await HubTab.OpenAsync(fixture.First, "", token: Short());
        using var raw = await RawTab.ConnectAsync(fixture.Second, $"access_token={Short()}", RawTab.Envelopes);
        await raw.SendAsync("""{"type":"open"}""");
        await raw.NextAsync("opened");
        using var graph = await GraphQLTab.InitAsync(fixture.Second, $"access_token={Short()}");
        await using var stays = await HubTab.OpenAsync(fixture.First, "", token: Short());

        await hub.InvokeAsync<object?>("Renew", fresh);
        await raw.SendAsync($$"""{"type":"renew","token":"{{fresh}}"}""");
        Assert.True((await raw.NextAsync("renewed")).GetProperty("accepted").GetBoolean());
        await graph.SubscribeAsync("1", $$"""mutation { renew(token: "{{fresh}}") }""");
        Assert.True((await graph.NextAsync("next")).GetProperty("payload").GetProperty("data").GetProperty("renew").GetBoolean());

        await stays.Closed.WaitAsync(TimeSpan.FromSeconds(10), Ct);
        Assert.Equal(("unauthorized", null), stays.Closing);
        Assert.Equal("open", (await hub.AskStateAsync()).Upstream);
        await raw.SendAsync("""{"type":"ping"}""");
        await raw.NextAsync("pong");
        await graph.SendAsync(new { type = "ping" });
        await graph.NextAsync("pong");
    }

    [Fact]
    public async Task A_token_that_is_no_good_renews_nothing()
    {
        await using var hub = await HubTab.OpenAsync(fixture.First, "", token: Tokens.For(_user));
        using var raw = await RawTab.ConnectAsync(fixture.First, $"access_token={Tokens.For(_user)}", RawTab.Envelopes);
        await raw.SendAsync("""{"type":"open"}""");
        await raw.NextAsync("opened");
        var revoked = Tokens.For(_user, claims: ("jti", $"{_user}-revoked"));
        await fixture.AdminAsync(HttpMethod.Post, $"/admin/tokens/{_user}-revoked/revoke");

        foreach (var wrong in (string[])[revoked, Tokens.For("somebody-else"), Tokens.For(_user, TimeSpan.FromHours(-1)), "no token"])
        {
            await Assert.ThrowsAsync<HubException>(() => hub.InvokeAsync<object?>("Renew", wrong));
            await raw.SendAsync($$"""{"type":"renew","token":"{{wrong}}"}""");
            Assert.False((await raw.NextAsync("renewed")).GetProperty("accepted").GetBoolean());
        }
    }

    [Fact]
    public async Task A_websocket_under_api_ends_with_its_token()
    {
        using var socket = new ClientWebSocket();
        var token = ClosedCluster.IssuedBefore(_user);
        await socket.ConnectAsync(new UriBuilder(fixture.First) { Scheme = "ws", Path = "/api/ws", Query = $"access_token={token}" }.Uri, Ct);
        await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, true, Ct);
        var buffer = new byte[64];
        await socket.ReceiveAsync(buffer.AsMemory(), Ct);

        await fixture.AdminAsync(HttpMethod.Post, $"/admin/users/{_user}/revoke");

        await Assert.ThrowsAsync<WebSocketException>(async () => await socket.ReceiveAsync(buffer.AsMemory(), Ct).AsTask().WaitAsync(Goal, Ct));
    }

    private Task IsOpenAsync(string user) =>
        Eventually.HoldsAsync(async () => (await fixture.Cluster.Backend.UserAsync(user)).Connections == 1, $"the upstream of {user} is open");

    private Task IsGoneAsync(string user) =>
        Eventually.HoldsAsync(async () => (await fixture.Cluster.Backend.UserAsync(user)).Connections == 0, $"the upstream of {user} is gone");

    private void Report(string what, long started)
    {
        var took = TimeProvider.System.GetElapsedTime(started);
        output.WriteLine($"{what}: everything was closed after {took.TotalSeconds:0.00} s.");
        Assert.True(took < Goal, $"{what} took {took}.");
    }
}
