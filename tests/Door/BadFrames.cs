namespace Connections.Door.Tests;

/// <summary>Upgrades of <c>/ws</c> that are none, and WebSocket frames against RFC 6455.</summary>
internal static class BadFrames
{
    private const int Continuation = 0;
    private const int Text = 1;
    private const int Binary = 2;
    private const int Close = 8;
    private const int Ping = 9;

    private const string Upgrade = "GET /ws?user={user} HTTP/1.1\r\nHost: {host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n";

    public static IReadOnlyList<BadInput> All { get; } =
    [
        Raw("a plain GET", "400 problem", "GET /ws?user={user} HTTP/1.1\r\nHost: {host}"),
        Raw("an upgrade without a key", "400 problem", Upgrade + "Sec-WebSocket-Version: 13"),
        Raw("an upgrade of version 7", "400 problem", Upgrade + "Sec-WebSocket-Version: 7\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="),
        Raw("a sub-protocol that there is not", "400 problem", Upgrade + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: soap"),
        Raw("a foreign origin", "403 problem", Upgrade + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nOrigin: null"),
        Frames("a frame without its mask", "close 1002", l => l.SendFrameAsync(Text, "hello there"u8.ToArray(), masked: false)),
        Frames("reserved bits", "close 1002", l => l.SendFrameAsync(Text, "x"u8.ToArray(), reserved: 7)),
        Frames("an opcode that there is not", "close 1002", l => l.SendFrameAsync(5, "x"u8.ToArray())),
        Frames("a ping in fragments", "close 1002", l => l.SendFrameAsync(Ping, "x"u8.ToArray(), fin: false)),
        Frames("a ping of 126 bytes", "close 1002", l => l.SendFrameAsync(Ping, new byte[126])),
        Frames("a continuation of nothing", "close 1002", l => l.SendFrameAsync(Continuation, "x"u8.ToArray())),
        Frames("a message within another one's fragments", "close 1002", async l =>
        {
            await l.SendFrameAsync(Text, "x"u8.ToArray(), fin: false);
            await l.SendFrameAsync(Binary, "x"u8.ToArray());
        }),
        Frames("a text that is no UTF-8", "close 1007", l => l.SendFrameAsync(Text, [0xff, 0xfe])),
        Frames("a text that ends within a character", "close 1007", l => l.SendFrameAsync(Text, [0xe2, 0x82])),
        Frames("a frame that says it has 1 GB", "close 1009", async l =>
        {
            await l.SendFrameAsync(Binary, new byte[200_000], declared: 1UL << 30);
        }),
        Frames("a frame that says it has 2^63 bytes", "close 1002", l => l.SendFrameAsync(Binary, [], declared: 1UL << 63)),
        Frames("fragments without end", "close 1009", async l =>
        {
            await l.SendFrameAsync(Text, new byte[10_000], fin: false);
            for (var i = 0; i < 20; i++)
                await l.SendFrameAsync(Continuation, new byte[10_000], fin: false);
        }),
        Frames("10,000 empty fragments", "close 1000", async l =>
        {
            await l.SendFrameAsync(Text, [], fin: false);
            for (var i = 0; i < 10_000; i++)
                await l.SendFrameAsync(Continuation, [], fin: false);
            await l.SendFrameAsync(Continuation, [], fin: true);
            await l.SendFrameAsync(Close, [0x03, 0xe8]);
        }),
        Frames("a message over the limit", "close 1009", l => l.SendFrameAsync(Binary, new byte[150_000])),
        Frames("a close of one byte", "close 1002", l => l.SendFrameAsync(Close, [3])),
        Frames("a close with a code that must not be sent", "close 1002", l => l.SendFrameAsync(Close, [0x03, 0xee])),
        Frames("a close whose reason is no UTF-8", "close 1002", l => l.SendFrameAsync(Close, [0x03, 0xe8, 0xff])),
        Frames("10,000 pings at once", "close 1000", async l =>
        {
            for (var i = 0; i < 10_000; i++)
                await l.SendFrameAsync(Ping, []);
            await l.SendFrameAsync(Close, [0x03, 0xe8]);
        }),
    ];

    private static BadInput Raw(string what, string answer, string request) => new("/ws", what, answer, a => a.HttpAsync(request));

    private static BadInput Frames(string what, string answer, Func<RawLine, Task> send) => new("/ws", what, answer, a => a.FramesAsync(send));
}
