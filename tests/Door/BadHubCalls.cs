using System.Net.WebSockets;

namespace Connections.Door.Tests;

/// <summary>What breaks SignalR's protocol or the hub's contract.</summary>
internal static class BadHubCalls
{
    private const string Hello = """{"protocol":"json","version":1}""";
    private const string Open = """{"type":1,"invocationId":"0","target":"Open","arguments":[null]}""";

    public static IReadOnlyList<BadInput> All { get; } =
    [
        Hub("a handshake that is no JSON", "handshake refused", "hello"),
        Hub("a protocol that there is not", "handshake refused", """{"protocol":"xml","version":1}"""),
        Hub("a version that there is not", "handshake refused", """{"protocol":"json","version":99}"""),
        Hub("a method that there is not", "error; stays open", Hello, Call("Shout", "")),
        Hub("too few arguments", "error; stays open", Hello, Call("Send", "\"c:1\"")),
        Hub("arguments of other types", "error; stays open", Hello, Call("Send", "{},[],7")),
        Hub("a position that is none", "error; stays open", Hello, Call("Open", "\"17\"")),
        Hub("a method of the base class", "error; stays open", Hello, Call("Dispose", "")),
        Hub("a fresh token that is none", "error; stays open", Hello, Call("Renew", "\"nonsense\"")),
        Hub("a delivery that there is not", "error; stays open", Hello, Call("Send", "\"c:1\",\"x\",{\"delivery\":\"exactly-once\"}")),
        Hub("a record that is no JSON", "closed", Hello, "hello"),
        Hub("an object of objects, 2,000 deep", "closed", Hello, string.Concat(Enumerable.Repeat("{\"type\":", 2_000))),
        Hub("an answer to what was not asked", "result", Hello, """{"type":3,"invocationId":"x","result":1}""", Call("State", "")),
        Hub("a message over the limit", "closed", Hello, Call("Send", $"\"c:1\",\"{new string('x', 300_000)}\",null")),
        new("hub", "MessagePack that is none, on a line that speaks JSON", "handshake refused", async a =>
        {
            using var socket = await a.HubSocketAsync();
            await socket.SendAsync(new byte[] { 0xc1, 0xff, 0x00, 0x1e }, WebSocketMessageType.Binary, true, CancellationToken.None);
            return await Attack.UntilSaidAsync(socket);
        }),
        new("hub", "a second open", "error; stays open", a => a.HubAsync(Hello, """{"type":1,"target":"Open","arguments":[null]}""", Open)),
        new("hub", "a connection id that there is not", "404", a => a.PostAsync("/hubs/connection?id=nothing", "{}")),
        new("hub", "a negotiation by GET", "405", a => a.GetAsync("/hubs/connection/negotiate?user={user}")),
    ];

    private static BadInput Hub(string what, string answer, params string[] records) => new("hub", what, answer, a => a.HubAsync(records));

    private static string Call(string method, string arguments) => $$"""{"type":1,"invocationId":"0","target":"{{method}}","arguments":[{{arguments}}]}""";
}
