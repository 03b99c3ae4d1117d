using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Connections.Testing;
using Connections.Testing.Processes;
using Connections.Testing.Tabs;

namespace Connections.WebFront.Tests;

/// <summary>The GraphQL way in: its operations, and what each violation of <c>graphql-transport-ws</c> is answered with.</summary>
public sealed class GraphQLWire(DevelopmentGateway fixture) : IClassFixture<DevelopmentGateway>
{
    private const string Fields = "{ epoch position recovered gap { reason next } frames { offset kind text } }";
    private const string Frames = $"frames {Fields}";

    private readonly RunningGateway _gateway = fixture.Gateway;
    private readonly string _user = RunningGateway.NewUser();

    private string Query => $"user={_user}";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Frames_begin_with_the_position_and_resume_from_it()
    {
        using var tab = await GraphQLTab.InitAsync(_gateway.Address, Query);
        await tab.SubscribeAsync("1", $"subscription {{ {Frames} }}");
        var first = Batch(await tab.NextAsync("next"));
        await _gateway.IsOpenAsync(_user);
        await _gateway.Backend.PushAsync(_user, "one");
        var texts = new List<string?>();
        var position = "";
        while (!texts.Contains("one"))
            position = Take(await tab.NextAsync("next"), texts);
        tab.Dispose();
        await _gateway.Backend.PushAsync(_user, "two");

        using var back = await GraphQLTab.InitAsync(_gateway.Address, Query);
        await back.SubscribeAsync("1", $"subscription {{ frames(from: \"{position}\") {Fields} }}");
        var again = Batch(await back.NextAsync("next"));
        while (!texts.Contains("two"))
            Take(await back.NextAsync("next"), texts);

        Assert.False(first.GetProperty("recovered").GetBoolean());
        Assert.Empty(first.GetProperty("frames").EnumerateArray());
        Assert.True(again.GetProperty("recovered").GetBoolean());
        Assert.Equal(["one", "two"], texts);
    }

    [Fact]
    public async Task A_position_that_cannot_be_honoured_is_a_gap_before_the_first_frame()
    {
        using var tab = await GraphQLTab.InitAsync(_gateway.Address, Query);
        await tab.SubscribeAsync("1", "subscription { frames(from: \"0123456789abcdef-7\") { recovered position gap { reason next } frames { offset } } }");

        var first = Batch(await tab.NextAsync("next"));
        var second = Batch(await tab.NextAsync("next"));

        Assert.False(first.GetProperty("recovered").GetBoolean());
        Assert.Equal("epoch-changed", second.GetProperty("gap").GetProperty("reason").GetString());
    }

    [Fact]
    public async Task The_real_client_queries_sends_and_subscribes_and_is_held_to_the_limits()
    {
        await using var node = ChildProcess.Start(
            "graphql-ws", "node", Path.Combine(Repository.Root, "tests", "WaysIn", "clients", "graphql-operations.mjs"), _gateway.Address.GetLeftPart(UriPartial.Authority), _user);
        await Eventually.HoldsAsync(() => node.HasExited && node.Output.Length > 0, "the client has ended", TimeSpan.FromSeconds(60), () => node.Output);

        var seen = JsonDocument.Parse(node.Output).RootElement;
        Assert.Equal("open", seen.GetProperty("state").GetProperty("data").GetProperty("state").GetProperty("upstream").GetString());
        var sent = seen.GetProperty("sent").GetProperty("data").GetProperty("send");
        Assert.Equal(("js:1", "sent"), (sent.GetProperty("id").GetString(), sent.GetProperty("status").GetString()));
        var connection = seen.GetProperty("connection").GetProperty("data");
        Assert.Equal("closed", connection.GetProperty("connection").GetProperty("breaker").GetProperty("state").GetString());
        Assert.Equal(RunningGateway.Route, connection.GetProperty("breakers")[0].GetProperty("name").GetString());
        Assert.Contains("nothing", seen.GetProperty("wrong").GetString(), StringComparison.Ordinal);
        Assert.True(seen.GetProperty("types").ValueKind is JsonValueKind.Array, seen.GetProperty("types").GetRawText());
        Assert.Contains(seen.GetProperty("types").EnumerateArray(), t => t.GetString() == "FrameBatch");
        Assert.Contains("depth", seen.GetProperty("deep").GetString(), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("complex", seen.GetProperty("wide").GetString(), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(["from graphql-ws"], await _gateway.Backend.ReceivedAsync(_user));
    }

    [Fact]
    public async Task Queries_and_mutations_come_by_POST_too_and_the_schema_is_served()
    {
        using var http = new HttpClient { BaseAddress = _gateway.Address };
        using var state = await http.PostAsJsonAsync($"/graphql?{Query}", new { query = "{ connection { upstream generation } }" }, Ct);
        using var subscription = await http.PostAsJsonAsync($"/graphql?{Query}", new { query = $"subscription {{ {Frames} }}" }, Ct);
        using var wrong = await http.PostAsJsonAsync($"/graphql?{Query}", new { query = "{ nothing }" }, Ct);
        using var nobody = await http.PostAsJsonAsync("/graphql", new { query = "{ connection { upstream } }" }, Ct);
        using var introspection = await http.PostAsJsonAsync($"/graphql?{Query}", new { query = "{ __schema { types { name fields { name type { name ofType { name } } } } } }" }, Ct);
        var schema = await http.GetStringAsync($"/graphql/schema?{Query}", Ct);

        Assert.Equal(JsonValueKind.String, (await state.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("data").GetProperty("connection").GetProperty("upstream").ValueKind);
        Assert.Contains("graphql-transport-ws", await subscription.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, nobody.StatusCode);
        Assert.Equal(HttpStatusCode.OK, introspection.StatusCode);
        Assert.Contains("type Subscription", schema, StringComparison.Ordinal);
        Assert.Contains("frames(", schema, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_does_not_begin_in_time_is_closed_with_4408()
    {
        using var tab = await GraphQLTab.ConnectAsync(_gateway.Address, Query);

        Assert.Equal((4408, "Connection initialisation timeout"), await tab.UntilClosedAsync());
    }

    [Fact]
    public async Task Who_begins_twice_is_closed_with_4429()
    {
        using var tab = await GraphQLTab.InitAsync(_gateway.Address, Query);
        await tab.SendAsync(new { type = "connection_init" });

        Assert.Equal((4429, "Too many initialisation requests"), await tab.UntilClosedAsync());
    }

    [Fact]
    public async Task Who_subscribes_before_the_acknowledgement_is_closed_with_4401()
    {
        using var tab = await GraphQLTab.ConnectAsync(_gateway.Address, Query);
        await tab.SubscribeAsync("1", "{ connection { upstream } }");

        Assert.Equal((4401, "Unauthorized"), await tab.UntilClosedAsync());
    }

    [Theory]
    [InlineData("""{"type":"unknown"}""")]
    [InlineData("""{"id":"1"}""")]
    [InlineData("""{"type":"subscribe","id":"1"}""")]
    [InlineData("""{"type":"subscribe","id":"","payload":{"query":"{ connection { upstream } }"}}""")]
    [InlineData("""{"type":"subscribe","id":"1","payload":{}}""")]
    [InlineData("""{"type":"subscribe","id":"1","payload":7}""")]
    [InlineData("""{"type":"complete"}""")]
    [InlineData("[]")]
    [InlineData("not json")]
    public async Task What_is_no_message_of_the_protocol_closes_with_4400(string message)
    {
        using var tab = await GraphQLTab.InitAsync(_gateway.Address, Query);
        await tab.SendAsync(message);

        Assert.Equal((4400, "Invalid message received"), await tab.UntilClosedAsync());
    }

    [Fact]
    public async Task An_id_in_use_closes_with_4409()
    {
        using var tab = await GraphQLTab.InitAsync(_gateway.Address, Query);
        await tab.SubscribeAsync("same", "subscription { state { upstream } }");
        await tab.NextAsync("next");
        await tab.SubscribeAsync("same", "subscription { state { upstream } }");

        Assert.Equal((4409, "Subscriber for same already exists"), await tab.UntilClosedAsync());
    }

    [Fact]
    public async Task A_completed_id_can_be_used_again_and_a_complete_for_nothing_is_no_violation()
    {
        using var tab = await GraphQLTab.InitAsync(_gateway.Address, Query);
        await tab.SendAsync(new { type = "complete", id = "never was" });
        await tab.SubscribeAsync("1", "{ connection { upstream } }");
        Assert.Equal("1", (await tab.NextAsync("complete")).GetProperty("id").GetString());
        await tab.SendAsync(new { type = "complete", id = "1" });
        await tab.SubscribeAsync("1", "subscription { state { upstream } }");
        await tab.NextAsync("next");
        await tab.SendAsync(new { type = "complete", id = "1" });
        await tab.SubscribeAsync("1", "{ connection { upstream } }");

        Assert.Equal("1", (await tab.NextAsync("complete")).GetProperty("id").GetString());
        await tab.SendAsync(new { type = "ping", payload = new { n = 7 } });
        Assert.Equal(7, (await tab.NextAsync("pong")).GetProperty("payload").GetProperty("n").GetInt32());
    }

    [Fact]
    public async Task An_operation_that_is_wrong_gets_an_error_and_the_socket_stays()
    {
        using var tab = await GraphQLTab.InitAsync(_gateway.Address, Query);
        await tab.SubscribeAsync("1", "subscription { nothing }");
        var error = await tab.NextAsync("error");
        await tab.SubscribeAsync("2", "subscription { frames(from: \"17\") { position } }");
        var position = (await tab.NextAsync())!.Value;
        await tab.SubscribeAsync("3", "{ connection { upstream } }");

        Assert.Equal("1", error.GetProperty("id").GetString());
        Assert.Contains("nothing", error.GetProperty("payload")[0].GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains("<epoch>-<offset>", position.GetRawText().Replace("\\u003C", "<", StringComparison.Ordinal).Replace("\\u003E", ">", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal("3", (await tab.NextAsync("next")).GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_subscription_that_ended_holds_no_tab()
    {
        using var tab = await GraphQLTab.InitAsync(_gateway.Address, Query);
        using var other = await GraphQLTab.InitAsync(_gateway.Address, Query);
        await other.SubscribeAsync("1", "subscription { state { tabs } }");
        await tab.SubscribeAsync("1", "subscription { state { tabs } }");
        while ((await other.NextAsync("next")).GetProperty("payload").GetProperty("data").GetProperty("state").GetProperty("tabs").GetInt32() != 2)
        {
            // The count comes with a state.
        }

        await tab.SendAsync(new { type = "complete", id = "1" });
        while ((await other.NextAsync("next")).GetProperty("payload").GetProperty("data").GetProperty("state").GetProperty("tabs").GetInt32() != 1)
        {
            // And so does this one.
        }
    }

    private static JsonElement Batch(JsonElement next) => next.GetProperty("payload").GetProperty("data").GetProperty("frames");

    private static string Take(JsonElement next, List<string?> texts)
    {
        var batch = Batch(next);
        texts.AddRange(batch.GetProperty("frames").EnumerateArray().Where(f => f.GetProperty("kind").GetString() == "text").Select(f => f.GetProperty("text").GetString()));
        return batch.GetProperty("position").GetString()!;
    }
}
