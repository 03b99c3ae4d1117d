namespace Connections.Door.Tests;

/// <summary>A backend that breaks HTTP or RFC 6455, or leads elsewhere: it concerns the user whose upstream it is, and nobody else.</summary>
internal static class BadUpstreams
{
    private const byte Final = 0x80;

    public static IReadOnlyList<BadInput> All { get; } =
    [
        Dial("an answer that is no HTTP", "waits: dial failed: …", d => d.SayAsync("hello\r\n\r\n")),
        Dial("200 in place of 101", "waits: dial failed: 200", d => d.SayAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")),
        Dial("a redirect to another host", "waits: dial failed: 302", d => d.SayAsync("HTTP/1.1 302 Found\r\nLocation: ws://evil.example.org/ws/alice\r\nContent-Length: 0\r\n\r\n")),
        Dial("an answer to another key", "waits: dial failed: …", d => d.SayAsync("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n")),
        Dial("a sub-protocol that nobody offered", "waits: dial failed: …", d => d.AcceptAsync("Sec-WebSocket-Protocol: soap\r\n")),
        Dial("headers of 1 MB", "waits: dial failed: …", d => d.SayAsync($"HTTP/1.1 101 Switching Protocols\r\nX-A: {new string('a', 1 << 20)}\r\n\r\n")),
        Frames("a frame with a mask", "marker 1006 by network", [Final | 1, 0x81, 0, 0, 0, 0, (byte)'x']),
        Frames("reserved bits", "marker 1006 by network", [0xf1, 1, (byte)'x']),
        Frames("an opcode that there is not", "marker 1006 by network", [Final | 5, 1, (byte)'x']),
        Frames("a text that is no UTF-8", "marker 1006 by network", [Final | 1, 2, 0xff, 0xfe]),
        Frames("a ping of 126 bytes", "marker 1006 by network", [Final | 9, 126, 0, 126, .. new byte[126]]),
        Frames("a continuation of nothing", "marker 1006 by network", [Final | 0, 1, (byte)'x']),
        Frames("a frame that says it has 1 GB", "marker 1009 by gateway", [Final | 2, 127, 0, 0, 0, 0, 0x40, 0, 0, 0, .. new byte[200_000]]),
        Frames("a frame that says it has 2^63 bytes", "marker 1006 by network", [Final | 2, 127, 0x80, 0, 0, 0, 0, 0, 0, 0]),
        Frames("a close of one byte", "marker 1006 by network", [Final | 8, 1, 3]),
        Dial("fragments without end", "marker 1009 by gateway", async d =>
        {
            await d.AcceptAsync();
            await d.SayAsync([1, 126, 0x27, 0x10, .. new byte[10_000]]);
            for (var i = 0; i < 20; i++)
                await d.SayAsync([0, 126, 0x27, 0x10, .. new byte[10_000]]);
        }),
    ];

    private static BadInput Dial(string what, string answer, Func<LyingBackend.Dial, Task> dial) => new("upstream", what, answer, a => a.UpstreamAsync(dial));

    private static BadInput Frames(string what, string answer, byte[] bytes) => Dial(what, answer, async d =>
    {
        await d.AcceptAsync();
        await d.SayAsync(bytes);
    });
}
