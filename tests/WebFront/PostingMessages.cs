using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Connections.Testing;
using Connections.Testing.Tabs;

namespace Connections.WebFront.Tests;

/// <summary><c>POST /messages</c> and <c>GET /connection</c>: the way back for what only speaks HTTP.</summary>
public sealed class PostingMessages(DevelopmentGateway fixture) : IClassFixture<DevelopmentGateway>, IDisposable
{
    private readonly RunningGateway _gateway = fixture.Gateway;
    private readonly string _user = RunningGateway.NewUser();
    private readonly HttpClient _http = new() { BaseAddress = fixture.Gateway.Address };

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task A_message_reaches_the_backend_and_is_answered_with_its_receipt()
    {
        await using var tab = await EventTab.OpenAsync(_gateway.Address, $"user={_user}");
        await _gateway.IsOpenAsync(_user);

        Assert.Equal((200, new TabReceipt("c:1", "sent", null, null, null)), await PostAsync(new { id = "c:1", text = "grüß dich" }));
        Assert.Equal((200, new TabReceipt("c:2", "sent", null, null, null)), await PostAsync(new { id = "c:2", data = new byte[] { 1, 2, 3 } }));
        Assert.Equal((200, new TabReceipt("c:1", "sent", null, null, null)), await PostAsync(new { id = "c:1", text = "grüß dich" }));
        Assert.Equal((409, new TabReceipt("c:9", "rejected", "expected", null, 3)), await PostAsync(new { id = "c:9", text = "too early" }));
        Assert.Equal((400, new TabReceipt("nonsense", "rejected", "bad-id", null, null)), await PostAsync(new { id = "nonsense", text = "x" }));
        Assert.Equal((413, new TabReceipt("c:3", "rejected", "too-large", null, null)), await PostAsync(new { id = "c:3", text = new string('x', 100_001) }));
        Assert.Equal("grüß dich", (await _gateway.Backend.ReceivedAsync(_user))[0]);
    }

    [Fact]
    public async Task Without_any_tab_the_upstream_is_opened_for_it()
    {
        var (status, receipt) = await PostAsync(new { id = "c:1", text = "hello" });
        await Eventually.HoldsAsync(async () => (await _gateway.Backend.ReceivedAsync(_user)).Contains("hello"), "the message has arrived");

        Assert.True(status is 200 or 202);
        Assert.True(receipt.Status is "sent" or "queued");
    }

    [Fact]
    public async Task The_final_receipt_of_a_message_that_waits_comes_to_the_stream_that_named_its_client()
    {
        await _gateway.Backend.FaultAsync(new { mode = "stall-accept", users = new[] { _user } });
        await using var tab = await EventTab.OpenAsync(_gateway.Address, $"user={_user}&client=c");
        await using var other = await EventTab.OpenAsync(_gateway.Address, $"user={_user}&client=d");

        var answer = await PostAsync(new { id = "c:1", text = "waits" });
        await Eventually.HoldsAsync(() => tab.Others.Count > 0, "the final receipt has come");

        Assert.Equal((202, new TabReceipt("c:1", "queued", null, null, null)), answer);
        Assert.Equal([("receipt", """{"id":"c:1","status":"expired"}""")], tab.Others);
        Assert.Empty(other.Others);
        await _gateway.Backend.HealAsync();
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{}")]
    [InlineData("""{"id":"c:1"}""")]
    [InlineData("""{"id":"c:1","text":"a","data":"YQ=="}""")]
    [InlineData("""{"id":"c:1","text":"a","delivery":"exactly-once"}""")]
    public async Task A_bad_body_is_answered_with_what_would_be_right(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _http.PostAsync($"/messages?user={_user}", content, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Matches("would be right|at-most-once and at-least-once", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Connection_answers_how_ones_own_connection_stands()
    {
        await using var tab = await EventTab.OpenAsync(_gateway.Address, $"user={_user}");
        await _gateway.IsOpenAsync(_user);

        JsonElement answer = default;
        await Eventually.HoldsAsync(
            async () => (answer = await _http.GetFromJsonAsync<JsonElement>($"/connection?user={_user}")).GetProperty("state").GetProperty("upstream").GetString() == "open",
            "the state says that the upstream is open");

        Assert.Equal(_user, answer.GetProperty("user").GetString());
        Assert.Equal(1, answer.GetProperty("state").GetProperty("tabs").GetInt32());
        using var nobody = await _http.GetAsync("/connection", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, nobody.StatusCode);
    }

    private async Task<(int Status, TabReceipt Receipt)> PostAsync(object message)
    {
        using var response = await _http.PostAsJsonAsync($"/messages?user={_user}", message);
        return ((int)response.StatusCode, (await response.Content.ReadFromJsonAsync<TabReceipt>())!);
    }
}
