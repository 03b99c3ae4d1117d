namespace Connections.Door.Tests;

/// <summary>Violations of <c>connections.v1</c>: each is told what was wrong and what would be right, and closed for good.</summary>
internal static class BadEnvelopes
{
    private const string Open = """{"type":"open"}""";

    public static IReadOnlyList<BadInput> All { get; } =
    [
        Says("no JSON", "not the JSON that connections.v1 asks for", "no json"),
        Says("a list", "not the JSON that connections.v1 asks for", "[]"),
        Says("a type that is a number", "not the JSON that connections.v1 asks for", """{"type":7}"""),
        Says("an object of objects, 2,000 deep", "not the JSON that connections.v1 asks for", string.Concat(Enumerable.Repeat("{\"type\":", 2_000))),
        Says("no type", "a JSON object with a type", """{"position":"x"}"""),
        Says("null", "a JSON object with a type", "null"),
        Says("a send before the open", "The first message must be", """{"type":"send","id":"c:1","text":"x"}"""),
        Says("a ping before the open", "The first message must be", """{"type":"ping"}"""),
        Says("a position that is none", "<epoch>-<offset>, 16 hexadecimal digits", """{"type":"open","position":"17"}"""),
        Says("a second open", "open comes once", Open, Open),
        Says("a type that there is not", "There is no message of type 'shout'", Open, """{"type":"shout"}"""),
        Says("a send with both a text and data", "either a text or data", Open, """{"type":"send","id":"c:1","text":"x","data":"AAEC"}"""),
        Says("a send with neither", "either a text or data", Open, """{"type":"send","id":"c:1"}"""),
        Says("data that is no base64", "not the JSON that connections.v1 asks for", Open, """{"type":"send","id":"c:1","data":"not base64!"}"""),
        Says("half an object", "not the JSON that connections.v1 asks for", Open, "{"),
        Says("a delivery that there is not", "There is no delivery 'exactly-once'", Open, """{"type":"send","id":"c:1","text":"x","delivery":"exactly-once"}"""),
        Says("a renew without a token", "A renew has a token", Open, """{"type":"renew"}"""),
        new("connections.v1", "a binary message first", "close 4500: … text messages only …", a => a.EnvelopesAsync([], [1, 2, 3])),
        new("connections.v1", "a binary message later", "close 4500: … text messages only …", a => a.EnvelopesAsync([Open], [1, 2, 3])),
        new("connections.v1", "a message over the limit", "close 1009", a => a.EnvelopesAsync(Open, new string('x', 300_000))),
    ];

    private static BadInput Says(string what, string says, params string[] messages) =>
        new("connections.v1", what, $"close 4500: … {says} …", a => a.EnvelopesAsync(messages));
}
