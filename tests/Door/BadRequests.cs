namespace Connections.Door.Tests;

/// <summary>HTTP that is none, that two readers could read in two ways, or that leads elsewhere.</summary>
internal static class BadRequests
{
    public static IReadOnlyList<BadInput> All { get; } =
    [
        Raw("a line that is no request", "400", "GARBAGE"),
        Raw("a TLS hello on a plain port", "400", "\u0016\u0003\u0001\u0000\u00a5\u0001\u0000\u0000\u00a1\u0003\u0003"),
        Raw("a version that there is not", "505", "GET / HTTP/9.9\r\nHost: {host}"),
        Raw("no Host", "400", "GET /connection HTTP/1.1"),
        Raw("two Hosts", "400", "GET /connection HTTP/1.1\r\nHost: {host}\r\nHost: evil.example.org"),
        Raw("an absolute address of another host", "400", "GET http://evil.example.org/connection HTTP/1.1\r\nHost: {host}"),
        Raw("a NUL in a header", "400", "GET /connection HTTP/1.1\r\nHost: {host}\r\nX-A: a\u0000b"),
        Raw("a space in a header's name", "400", "GET /connection HTTP/1.1\r\nHost: {host}\r\nX A: b"),
        Raw("a folded header", "400", "GET /connection HTTP/1.1\r\nHost: {host}\r\nX-A: b\r\n c"),
        Raw("101 headers", "431", "GET /connection HTTP/1.1\r\nHost: {host}\r\n" + string.Join("\r\n", Enumerable.Range(1, 100).Select(i => $"X-{i}: {i}"))),
        Raw("headers of 40 kB", "431", "GET /connection HTTP/1.1\r\nHost: {host}\r\nX-A: " + new string('a', 40_000)),
        Raw("an address of 9 kB", "414", $"GET /connection?user={new string('a', 9_000)} HTTP/1.1\r\nHost: {{host}}"),
        Raw("a length that is no number", "400", "POST /messages?user={user} HTTP/1.1\r\nHost: {host}\r\nContent-Length: many"),
        Raw("a length below zero", "400", "POST /messages?user={user} HTTP/1.1\r\nHost: {host}\r\nContent-Length: -1"),
        Raw("two lengths", "400", "POST /messages?user={user} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 1\r\nContent-Length: 2"),
        Raw("an encoding of the transfer that there is not", "400", "POST /messages?user={user} HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: gzip"),
        Raw("a chunk whose size is no number", "400 problem", "POST /messages?user={user} HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}"),
        Raw("a body that is longer than a message may be, by its own word", "413 problem", "POST /messages?user={user} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 1000000000"),
        Raw("a method that there is not", "405", "BREW /messages?user={user} HTTP/1.1\r\nHost: {host}"),
        Raw("a path that climbs out", "404", "GET /../../../etc/passwd HTTP/1.1\r\nHost: {host}"),
        Raw("a path that climbs out, encoded", "404", "GET /%2e%2e%2f%2e%2e%2fetc%2fpasswd HTTP/1.1\r\nHost: {host}"),
        Raw("a NUL in the path", "400", "GET /%00 HTTP/1.1\r\nHost: {host}"),
        Raw("a user id with CR LF and a header", "401", "GET /connection?user=a%0d%0aX-Injected:%20yes HTTP/1.1\r\nHost: {host}"),
        Raw("a user id that climbs out of the upstream's path", "401", "GET /connection?user=..%2fadmin HTTP/1.1\r\nHost: {host}"),
        Raw("a user id of dots", "401", "GET /connection?user=.. HTTP/1.1\r\nHost: {host}"),
        Raw("a token without a signature", "401", "GET /connection HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZSJ9."),
        Raw("a foreign origin", "403 problem", "GET /connection?user={user} HTTP/1.1\r\nHost: {host}\r\nOrigin: https://evil.example.org"),
        Raw("a login that leads to a foreign page", "401", "POST /login HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 39\r\n\r\ntoken=x&to=https%3A%2F%2Fevil.example.org"),
        Raw("a path under /api that climbs out of it", "404", "GET /api/../stats HTTP/1.1\r\nHost: {host}"),
    ];

    private static BadInput Raw(string what, string answer, string request) => new("HTTP", what, answer, a => a.HttpAsync(request));
}
