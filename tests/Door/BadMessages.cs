namespace Connections.Door.Tests;

/// <summary>Bodies of <c>POST /messages</c>.</summary>
internal static class BadMessages
{
    public static IReadOnlyList<BadInput> All { get; } =
    [
        Post("nothing", "400 problem", ""),
        Post("no JSON", "400 problem", "hello"),
        Post("a list", "400 problem", "[]"),
        Post("null", "400 problem", "null"),
        Post("an object of objects, 2,000 deep", "400 problem", string.Concat(Enumerable.Repeat("{\"id\":", 2_000))),
        Post("both a text and data", "400 problem", """{"id":"c:1","text":"x","data":"AAEC"}"""),
        Post("neither", "400 problem", """{"id":"c:1"}"""),
        Post("data that is no base64", "400 problem", """{"id":"c:1","data":"not base64!"}"""),
        Post("a delivery that there is not", "400 problem", """{"id":"c:1","text":"x","delivery":"exactly-once"}"""),
        Post("no id", "400 problem", """{"text":"x"}"""),
        Post("an id that is none", "400 bad-id", """{"id":"c 1","text":"x"}"""),
        Post("an id over the largest number", "400 bad-id", """{"id":"c:99999999999999999999","text":"x"}"""),
        Post("a sequence that begins with 7", "409 expected", """{"id":"c:7","text":"x"}"""),
        new("POST /messages", "bytes that are no UTF-8", "400 problem", a => a.PostAsync("/messages", [.. "{\"id\":\"c:1\",\"text\":\""u8, 0xff, 0xfe, .. "\"}"u8])),
        new("POST /messages", "a text over the limit", "413 too-large", a => a.PostAsync("/messages", $$"""{"id":"c:1","text":"{{new string('x', 150_000)}}"}""")),
    ];

    private static BadInput Post(string what, string answer, string body) => new("POST /messages", what, answer, a => a.PostAsync("/messages", body));
}
