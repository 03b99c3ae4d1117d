using Connections.Testing.Processes;

namespace Connections.Door.Tests;

/// <summary>Who opens a line and then says nothing, or says it drop by drop, does not keep it.</summary>
public sealed class SayingNothing(ITestOutputHelper output)
{
    private const string Upgrade =
        "GET /hubs/connection?user=mallory HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";

    [Fact]
    public async Task Each_silence_has_its_end()
    {
        await using var cluster = new GatewayCluster();
        await cluster.StartAsync(silos: 1, fronts: 1);
        var front = cluster.Fronts[0].Address;

        // What a front allows, and what the machine may add to it.
        await Task.WhenAll(
            EndsAsync("headers that never end", front, "GET /connection HTTP/1.1\r\nHost: a\r\n", 15, drop: "X-A: b\r\n"),
            EndsAsync("a body that comes drop by drop", front, "POST /messages?user=mallory HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n{", 15, drop: " "),
            EndsAsync("a hub without a handshake", front, Upgrade, 30),
            EndsAsync("connections.v1 without an open", front, Of("/ws", "connections.v1"), 15),
            EndsAsync("GraphQL without a beginning", front, Of("/graphql", "graphql-transport-ws"), 8));
    }

    private static string Of(string path, string subProtocol) => Upgrade.Replace("/hubs/connection", path, StringComparison.Ordinal)
        .Replace("\r\n\r\n", $"\r\nSec-WebSocket-Protocol: {subProtocol}\r\n\r\n", StringComparison.Ordinal);

    private async Task EndsAsync(string what, Uri front, string says, int withinSeconds, string? drop = null)
    {
        using var line = await RawLine.ConnectAsync(front);
        await line.SendAsync(says);
        using var stop = new CancellationTokenSource();
        var dripping = drop is null ? Task.CompletedTask : DripAsync(line, drop, stop.Token);
        var started = TimeProvider.System.GetTimestamp();
        try
        {
            await line.UntilCutAsync(TimeSpan.FromSeconds(withinSeconds));
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"{what} is kept for longer than {withinSeconds} s.");
        }

        output.WriteLine($"{what}: ended after {TimeProvider.System.GetElapsedTime(started).TotalSeconds:0.0} s.");
        await stop.CancelAsync();
        await dripping;
    }

    private static async Task DripAsync(RawLine line, string drop, CancellationToken ct)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), TimeProvider.System);
        try
        {
            while (await timer.WaitForNextTickAsync(ct))
                await line.SendAsync(drop);
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // It has ended.
        }
    }
}
