using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Connections.Testing;
using Connections.Testing.Tabs;

namespace Connections.WebFront.Tests;

/// <summary>The admin API: what an operator sees and does, and who may.</summary>
public sealed class Operating(DevelopmentGateway fixture, ProductionGateway production)
    : IClassFixture<DevelopmentGateway>, IClassFixture<ProductionGateway>, IDisposable
{
    private readonly RunningGateway _gateway = fixture.Gateway;
    private readonly string _user = RunningGateway.NewUser();
    private readonly HttpClient _http = new() { BaseAddress = fixture.Gateway.Address };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task A_user_is_explained_with_owner_upstream_breaker_outbox_fronts_and_tabs()
    {
        await using var hub = await HubTab.OpenAsync(_gateway.Address, _user);
        await using var stream = await EventTab.OpenAsync(_gateway.Address, $"user={_user}");
        await _gateway.IsOpenAsync(_user);

        JsonElement user = default;
        await Eventually.HoldsAsync(
            async () => (user = await GetAsync($"/admin/users/{_user}")) is var u && u.GetProperty("fronts")[0].GetProperty("tabs") is { ValueKind: JsonValueKind.Array } tabs
                && u.GetProperty("fronts")[0].GetProperty("lag").GetInt64() == 0 // the front's answer may come after its tabs have the frame
                && tabs.GetArrayLength() == 2 && tabs.EnumerateArray().All(t => t.GetProperty("lagFrames").GetInt64() == 0 && t.GetProperty("position").GetString()!.EndsWith("-1", StringComparison.Ordinal)),
            "both tabs are explained",
            seen: () => user.GetRawText());

        var state = user.GetProperty("state");
        Assert.StartsWith("127.0.0.1:", user.GetProperty("silo").GetString(), StringComparison.Ordinal);
        Assert.Equal(("open", 1, "closed"), (state.GetProperty("upstream").GetString(), state.GetProperty("generation").GetInt32(), state.GetProperty("breaker").GetProperty("state").GetString()));
        Assert.Equal(0, user.GetProperty("outbox").GetProperty("messages").GetInt32());
    }

    [Fact]
    public async Task A_users_breaker_is_held_open_and_let_go_again()
    {
        await PostAsync($"/admin/users/{_user}/breaker/force-open", new { reason = "abuse" });
        await using var tab = await HubTab.OpenAsync(_gateway.Address, _user);
        await Eventually.HoldsAsync(() => tab.State is { Upstream: "waiting", Breaker.State: "forced-open" }, "the upstream is held", seen: () => $"{tab.State}");
        Assert.Equal(0, (await _gateway.Backend.UserAsync(_user)).Dials);
        Assert.Equal("rejected", (await tab.SendAsync("c:1", "hello")).Status);

        await PostAsync($"/admin/users/{_user}/breaker/reset", new { });
        await _gateway.IsOpenAsync(_user);
        var moves = (await GetAsync($"/admin/users/{_user}")).GetProperty("breakerHistory");

        Assert.Equal(["operator-forced-open", "operator-reset"], moves.EnumerateArray().Select(m => m.GetProperty("reason").GetString()));
        Assert.Equal("operator: abuse", moves[0].GetProperty("detail").GetString());
    }

    [Fact]
    public async Task A_reset_ends_the_wait_of_an_open_breaker()
    {
        await _gateway.Backend.FaultAsync(new { mode = "refuse", status = 503, retryAfterSeconds = 300, users = new[] { _user } });
        await using var tab = await HubTab.OpenAsync(_gateway.Address, _user);
        await Eventually.HoldsAsync(() => tab.State is { Upstream: "waiting", RetryAfterMs: > 100_000 }, "the upstream waits for long", seen: () => $"{tab.State}");
        await _gateway.Backend.HealAsync();

        await PostAsync($"/admin/users/{_user}/breaker/reset", new { });

        await _gateway.IsOpenAsync(_user);
    }

    [Fact]
    public async Task A_disconnected_user_is_told_that_it_is_final_and_the_upstream_is_gone()
    {
        await using var hub = await HubTab.OpenAsync(_gateway.Address, _user);
        var (raw, _) = await RawTab.OpenAsync(_gateway.Address, _user);
        await _gateway.IsOpenAsync(_user);
        await Eventually.HoldsAsync(async () => (await GetAsync("/admin/fronts")).GetArrayLength() > 0, "the front is known");

        var reached = await PostAsync($"/admin/users/{_user}/disconnect", null);
        await raw.UntilClosedAsync();
        await hub.Closed;

        Assert.Equal(2, reached.GetProperty("tabs").GetInt32());
        Assert.Equal((4502, "disconnected"), raw.Closed);
        Assert.Equal(("disconnected", null), hub.Closing);
        await Eventually.HoldsAsync(async () => (await _gateway.Backend.UserAsync(_user)).Connections == 0, "the upstream is gone");
        raw.Dispose();
    }

    [Fact]
    public async Task A_pushed_message_reaches_every_tab_as_a_frame()
    {
        await using var hub = await HubTab.OpenAsync(_gateway.Address, _user);
        await using var stream = await EventTab.OpenAsync(_gateway.Address, $"user={_user}");

        using var pushed = await _http.PostAsJsonAsync($"/admin/users/{_user}/push?user=operator", new { text = "from the operator" }, Ct);
        using var wrong = await _http.PostAsJsonAsync($"/admin/users/{_user}/push?user=operator", new { }, Ct);

        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.BadRequest), (pushed.StatusCode, wrong.StatusCode));
        await Eventually.HoldsAsync(
            () => hub.History.Frames.Any(f => f.Text == "from the operator") && stream.History.Frames.Any(f => f.Text == "from the operator"), "both tabs have it");
    }

    [Theory]
    [InlineData("/admin/users/a%20b", HttpStatusCode.BadRequest, "not a user id")]
    [InlineData("/admin/users/alice/breaker/open", HttpStatusCode.BadRequest, "reset, force-open and force-closed")]
    [InlineData("/admin/breakers/nothing/reset", HttpStatusCode.NotFound, "There is no route")]
    [InlineData("/admin/fronts/nothing/drain", HttpStatusCode.NotFound, "GET /admin/fronts")]
    public async Task What_there_is_not_is_answered_with_what_there_is(string path, HttpStatusCode status, string says)
    {
        using var response = path.Contains("users/a", StringComparison.Ordinal) && !path.Contains("breaker", StringComparison.Ordinal)
            ? await _http.GetAsync(path, Ct)
            : await _http.PostAsync(path, null, Ct);

        Assert.Equal(status, response.StatusCode);
        Assert.Contains(says, await response.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_call_stands_in_the_events_stream()
    {
        var seen = await _gateway.EventsAsync();

        await PostAsync($"/admin/users/{_user}/breaker/reset", new { });
        await GetAsync($"/admin/users/{_user}");
        await Eventually.HoldsAsync(() => seen.Count(e => e.UserId == _user && e.Detail?.StartsWith("operator: ", StringComparison.Ordinal) == true) == 2, "both calls are in the stream");

        Assert.Contains(seen, e => e.Detail == $"operator: POST /admin/users/{_user}/breaker/reset -> 200");
        Assert.Contains(seen, e => e.Detail == $"operator: GET /admin/users/{_user} -> 200");
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    [InlineData("user", HttpStatusCode.Forbidden)]
    [InlineData("admin", HttpStatusCode.OK)]
    public async Task Outside_Development_only_the_admin_role_may(string? role, HttpStatusCode status)
    {
        using var http = new HttpClient { BaseAddress = production.Gateway.Address };
        if (role is not null)
            http.DefaultRequestHeaders.Authorization = new("Bearer", Tokens.For("operator", claims: ("role", role)));

        foreach (var path in (string[])["/admin/breakers", "/admin/fronts", "/admin/users/alice", "/admin/openapi.json"])
        {
            using var response = await http.GetAsync(path, Ct);
            Assert.Equal(status, response.StatusCode);
        }
    }

    [Fact]
    public async Task The_OpenAPI_document_describes_every_operation_and_nothing_else()
    {
        var document = await GetAsync("/admin/openapi.json");

        Assert.Equal(
            [
                "/admin/breakers", "/admin/breakers/{name}/{command}", "/admin/fronts", "/admin/fronts/{front}/drain", "/admin/revocations",
                "/admin/tokens/{id}/revoke", "/admin/users/{user}", "/admin/users/{user}/breaker/{command}", "/admin/users/{user}/disconnect",
                "/admin/users/{user}/push", "/admin/users/{user}/revoke",
            ],
            document.GetProperty("paths").EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal));
        Assert.All(
            document.GetProperty("paths").EnumerateObject().SelectMany(p => p.Value.EnumerateObject()), o => Assert.NotEmpty(o.Value.GetProperty("summary").GetString()!));
    }

    private async Task<JsonElement> GetAsync(string path) => await _http.GetFromJsonAsync<JsonElement>($"{path}?user=operator", Ct);

    private async Task<JsonElement> PostAsync(string path, object? body)
    {
        using var response = body is null ? await _http.PostAsync($"{path}?user=operator", null, Ct) : await _http.PostAsJsonAsync($"{path}?user=operator", body, Ct);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<JsonElement>(Ct);
    }
}
