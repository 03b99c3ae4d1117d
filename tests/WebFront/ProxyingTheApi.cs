using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Connections.Testing;
using Connections.Testing.Tabs;

namespace Connections.WebFront.Tests;

/// <summary>The reverse proxy at <c>/api</c>: what passes, and what the gateway itself answers.</summary>
public sealed class ProxyingTheApi(SharedRedis redis) : IAsyncLifetime
{
    private readonly HttpClient _http = new();
    private RunningGateway _gateway = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _gateway = await RunningGateway.StartAsync(
            redis.Server, "Development", "Api:Timeout=00:00:01", "Api:MaxRequestBytes=1000", "Api:Breaker:BreakDuration=00:00:02", "Api:RetryRatio=0.1");
        _http.BaseAddress = _gateway.Address;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _gateway.DisposeAsync();
    }

    [Fact]
    public async Task Requests_and_answers_pass_as_they_are()
    {
        using var content = new StringContent("body", Encoding.UTF8, "text/plain");
        using var echo = await _http.PostAsync(Of("/api/echo"), content, Ct);
        using var teapot = await _http.GetAsync(Of("/api/status/418"), Ct);

        Assert.Equal("body", await echo.Content.ReadAsStringAsync(Ct));
        Assert.Equal(418, (int)teapot.StatusCode);
        Assert.Equal("status 418", (await teapot.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("message").GetString());
    }

    [Fact]
    public async Task An_answer_passes_piece_by_piece()
    {
        using var response = await _http.GetAsync(Of("/api/pieces"), HttpCompletionOption.ResponseHeadersRead, Ct);
        await using var answer = await response.Content.ReadAsStreamAsync(Ct);
        var buffer = new byte[100];

        foreach (var piece in (string[])["one", "two", "three"])
            Assert.Equal(piece, Encoding.UTF8.GetString(buffer, 0, await answer.ReadAsync(buffer, Ct)));
        Assert.Equal(0, await answer.ReadAsync(buffer, Ct));
    }

    [Fact]
    public async Task A_WebSocket_passes()
    {
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(_gateway.Address) { Scheme = "ws", Path = "/api/ws", Query = "user=alice" }.Uri, Ct);
        await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, true, Ct);
        var buffer = new byte[100];
        var read = await socket.ReceiveAsync(buffer.AsMemory(), Ct);

        Assert.Equal("hello", Encoding.UTF8.GetString(buffer, 0, read.Count));
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Ct);
    }

    [Fact]
    public async Task Nobody_passes_without_saying_who_they_are()
    {
        using var response = await _http.GetAsync("/api/hello", Ct);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(0, await _gateway.Backend.ApiCallsAsync());
    }

    [Fact]
    public async Task A_backend_that_breaks_off_is_502_and_one_that_is_silent_504()
    {
        await _gateway.Backend.FaultAsync(new { api = "abort" });
        await IsProblemAsync("/api/hello", 502, "unreachable", retryAfter: true);
        await _gateway.Backend.FaultAsync(new { api = "slow", apiDelaySeconds = 60 });
        await IsProblemAsync("/api/hello", 504, "timeout", retryAfter: false);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_over_the_limit_is_413_and_does_not_count_against_the_backend(bool lengthKnown)
    {
        for (var i = 0; i < 4; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, Of("/api/echo"));
            request.Content = lengthKnown ? new ByteArrayContent(new byte[1_001]) : new StreamContent(new MemoryStream(new byte[1_001]));
            request.Headers.TransferEncodingChunked = !lengthKnown;
            using var response = await _http.SendAsync(request, Ct);
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        }

        Assert.Equal("closed", (await BreakerAsync()).State);
    }

    [Fact]
    public async Task Three_failures_open_the_breaker_and_then_the_backend_is_left_alone_until_one_probe_closes_it()
    {
        await _gateway.Backend.FaultAsync(new { api = "fail", status = 503 });
        for (var i = 0; i < 3; i++)
            await IsStatusAsync(503, "The fault");
        await Eventually.HoldsAsync(async () => (await BreakerAsync()).State == "open", "the breaker is open");

        for (var i = 0; i < 10; i++)
            await IsProblemAsync("/api/hello", 503, "breaker-open", retryAfter: true);
        Assert.Equal(3, await _gateway.Backend.ApiCallsAsync());
        Assert.InRange((await BreakerAsync()).RetryAfterMs!.Value, 1, 2_500);

        await _gateway.Backend.HealAsync();
        await Eventually.HoldsAsync(async () => (await BreakerAsync()).State == "half-open", "the break is over");
        using var probe = await _http.GetAsync(Of("/api/hello"), Ct);
        Assert.Equal(HttpStatusCode.OK, probe.StatusCode);
        await Eventually.HoldsAsync(async () => (await BreakerAsync()).State == "closed", "the breaker is closed");
        Assert.Equal(4, await _gateway.Backend.ApiCallsAsync());
    }

    [Fact]
    public async Task A_Retry_After_of_the_backend_lengthens_the_break()
    {
        await _gateway.Backend.FaultAsync(new { api = "fail", status = 503, retryAfterSeconds = 60 });
        for (var i = 0; i < 3; i++)
            await IsStatusAsync(503, "The fault");

        await Eventually.HoldsAsync(async () => await BreakerAsync() is { State: "open", RetryAfterMs: > 50_000 }, "the break is as long as the backend asked");
    }

    [Fact]
    public async Task Tabs_that_asked_are_told_of_the_breakers_with_their_state()
    {
        await using var hub = await HubTab.OpenAsync(_gateway.Address, "watcher");
        await using var stream = await EventTab.OpenAsync(_gateway.Address, "user=watcher&breakers=true");
        await using var deaf = await EventTab.OpenAsync(_gateway.Address, "user=watcher");
        var first = await hub.InvokeAsync<TabApiBreaker[]>("WatchBreakers");
        await _gateway.Backend.FaultAsync(new { api = "fail", status = 500 });
        for (var i = 0; i < 3; i++)
            await IsStatusAsync(500, "The fault");

        await Eventually.HoldsAsync(() => hub.State?.Breakers?[0].State == "open" && stream.State?.Breakers?[0].State == "open", "both were told");
        Assert.Equal([new TabApiBreaker(RunningGateway.Route, "closed", null)], first);
        Assert.Null(deaf.State?.Breakers);
    }

    [Fact]
    public async Task Idempotent_requests_are_repeated_within_a_tenth_of_all_requests_and_others_never()
    {
        for (var i = 0; i < 40; i++)
        {
            using var response = await _http.GetAsync(Of("/api/hello"), Ct);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        await _gateway.Backend.FaultAsync(new { api = "abort" });
        using (var content = new StringContent("x"))
        using (await _http.PostAsync(Of("/api/echo"), content, Ct))
            Assert.Equal(41, await _gateway.Backend.ApiCallsAsync());
        using (await _http.GetAsync(Of("/api/hello"), Ct))
            Assert.Equal(43, await _gateway.Backend.ApiCallsAsync());
    }

    [Fact]
    public async Task An_operators_hold_reaches_the_front()
    {
        using var response = await _http.PostAsJsonAsync(
            $"/admin/breakers/{RunningGateway.Route}/force-open?user=operator", new { reason = "maintenance" }, Ct);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);

        await Eventually.HoldsAsync(async () => (await BreakerAsync()).State == "open", "the breaker is held open");
        await IsProblemAsync("/api/hello", 503, "breaker-open", retryAfter: true);
        using var reset = await _http.PostAsJsonAsync($"/admin/breakers/{RunningGateway.Route}/reset?user=operator", new { reason = "done" }, Ct);
        await Eventually.HoldsAsync(async () => (await BreakerAsync()).State == "closed", "the breaker is closed again");
        await IsStatusAsync(200, "hello");
    }

    private static string Of(string path) => $"{path}?user=alice";

    private async Task<TabApiBreaker> BreakerAsync() =>
        (await _http.GetFromJsonAsync<Dictionary<string, TabApiBreaker[]>>("/breakers?user=alice", Ct))!["breakers"].Single();

    private async Task IsStatusAsync(int status, string says)
    {
        using var response = await _http.GetAsync(Of("/api/hello"), Ct);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Contains(says, await response.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    private async Task IsProblemAsync(string path, int status, string reason, bool retryAfter)
    {
        using var response = await _http.GetAsync(Of(path), Ct);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(Ct);

        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal((status, status, reason), ((int)response.StatusCode, problem.GetProperty("status").GetInt32(), problem.GetProperty("reason").GetString()));
        Assert.Equal(retryAfter, response.Headers.RetryAfter is not null);
    }
}
