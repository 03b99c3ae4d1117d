namespace Connections.Door.Tests;

/// <summary>What <c>GET /sse</c> cannot read.</summary>
internal static class BadStreams
{
    public static IReadOnlyList<BadInput> All { get; } =
    [
        Last("a Last-Event-ID that is no position", "17"),
        Last("a Last-Event-ID over the largest number", "00c3a1f09b7d2e44-99999999999999999999"),
        Last("a Last-Event-ID of 4 kB", new string('0', 4_000)),
        Get("a position below zero", "400 problem", "/sse?user={user}&position=00c3a1f09b7d2e44--1"),
        Get("a client id with a space", "400 problem", "/sse?user={user}&client=a%20b"),
        Get("a client id with CR LF", "400 problem", "/sse?user={user}&client=a%0d%0aid:%201"),
        Get("nobody", "401", "/sse"),
        new("SSE", "a POST", "405", a => a.PostAsync("/sse", "")),
    ];

    private static BadInput Get(string what, string answer, string path) => new("SSE", what, answer, a => a.GetAsync(path));

    private static BadInput Last(string what, string id) => new("SSE", what, "400 problem", a => a.GetAsync("/sse?user={user}", ("Last-Event-ID", id)));
}
