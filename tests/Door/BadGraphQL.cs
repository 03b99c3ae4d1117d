using Connections.Testing.Tabs;

namespace Connections.Door.Tests;

/// <summary>What breaks <c>graphql-transport-ws</c>, and documents that cannot be answered.</summary>
internal static class BadGraphQL
{
    private const string Init = """{"type":"connection_init"}""";

    public static IReadOnlyList<BadInput> All { get; } =
    [
        new("GraphQL", "a GET", "405 problem", a => a.GetAsync("/graphql?user={user}&query={connection{upstream}}")),
        Post("no JSON", "400 problem", "hello"),
        Post("null", "400 errors", "null"),
        Post("no query", "400 errors", "{}"),
        Post("a query that is a number", "400 problem", """{"query":7}"""),
        Post("a document that is none", "400 errors", """{"query":"{{{"}"""),
        Post("a field that there is not", "400 errors", """{"query":"{ secrets }"}"""),
        Post("a document 200 deep", "400 errors", $$"""{"query":"{{string.Concat(Enumerable.Repeat("{ connection ", 200)) + new string('}', 200)}}"}"""),
        Post("a document of 5,000 aliases", "400 errors", $$"""{"query":"{ {{string.Join(" ", Enumerable.Range(0, 5_000).Select(i => $"a{i}: connection {{ upstream since }}"))}} }"}"""),
        Post("a subscription over plain HTTP", "200 errors", """{"query":"subscription { frames { position } }"}"""),
        Post("fragments in a circle", "400 errors", """{"query":"{ connection { ...a } } fragment a on ConnectionState { ...b } fragment b on ConnectionState { ...a }"}"""),
        Socket("no JSON", "close 4400", "hello"),
        Socket("a type that there is not", "close 4400", """{"type":"shout"}"""),
        Socket("no type", "close 4400", "{}"),
        Socket("an object of objects, 2,000 deep", "close 4400", string.Concat(Enumerable.Repeat("{\"type\":", 2_000))),
        Socket("a subscribe before the beginning", "close 4401", """{"type":"subscribe","id":"1","payload":{"query":"{ connection { upstream } }"}}"""),
        Socket("two beginnings", "close 4429", Init, Init),
        Socket("a subscribe without a payload", "close 4400", Init, """{"type":"subscribe","id":"1"}"""),
        Socket("a subscribe with an empty id", "close 4400", Init, """{"type":"subscribe","id":"","payload":{"query":"{ connection { upstream } }"}}"""),
        Socket("a payload that is a list", "close 4400", Init, """{"type":"subscribe","id":"1","payload":[]}"""),
        Socket("an id that is in use", "close 4409", Init, Subscribe, Subscribe),
        Socket("a message over the limit", "close 1009", Init, new string('x', 300_000)),
        new("GraphQL", "a sub-protocol that there is not", "close 4406", async a =>
        {
            using var line = await RawLine.UpgradeAsync(a.Front, $"/graphql?user={a.User}", "graphql-ws");
            return await line.EndAsync();
        }),
        new("GraphQL", "a binary message", "close 4400", async a =>
        {
            using var line = await RawLine.UpgradeAsync(a.Front, $"/graphql?user={a.User}", "graphql-transport-ws");
            await line.SendFrameAsync(2, [1, 2, 3]);
            return await line.EndAsync();
        }),
        new("GraphQL", "101 subscriptions on one socket", "error for the last one, and the others go on", async a =>
        {
            using var tab = await GraphQLTab.InitAsync(a.Front, $"user={a.User}");
            for (var i = 1; i <= 101; i++)
                await tab.SubscribeAsync($"{i}", "subscription { state { upstream } }");
            var refused = (await tab.NextAsync("error")).GetProperty("id").GetString();
            await tab.SendAsync(new { type = "ping" });
            await tab.NextAsync("pong");
            return refused == "101" ? "error for the last one, and the others go on" : $"error for {refused}";
        }),
    ];

    private const string Subscribe = """{"type":"subscribe","id":"1","payload":{"query":"subscription { state { upstream } }"}}""";

    private static BadInput Post(string what, string answer, string body) => new("GraphQL", $"{what}, by POST", answer, a => a.PostAsync("/graphql", body));

    private static BadInput Socket(string what, string answer, params string[] messages) => new("GraphQL", what, answer, a => a.GraphQLAsync(messages));
}
