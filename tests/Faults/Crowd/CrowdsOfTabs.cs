using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Connections.Faults.Tests.Stage;
using Connections.Testing;
using Connections.Testing.Tabs;

namespace Connections.Faults.Tests.Crowd;

/// <summary>Thousands of connections that want nothing good, on the bare sockets of this machine.</summary>
public static class CrowdsOfTabs
{
    private const int SmallBuffer = 4 << 10;
    private const int Together = 100;

    private static readonly byte[] HalfARequest = Encoding.ASCII.GetBytes("GET /hubs/connection?user=half HTTP/1.1\r\nHost: half\r\n");

    /// <summary>Opens so many connections to the first front that say nothing, half a request, or open a WebSocket and say nothing then; a third each.</summary>
    public static async Task<Heal> HalfOpenAsync(GatewayStage stage, int count)
    {
        var sockets = await OpenAsync(stage, count, i => (i % 3) switch
        {
            0 => [],
            1 => HalfARequest,
            _ => Upgrade(string.Create(CultureInfo.InvariantCulture, $"half-{i % 100}"), $"Sec-WebSocket-Protocol: {RawTab.Envelopes}\r\n"),
        });
        return async () =>
        {
            stage.Note($"{sockets.Count(s => s.Connected)} of {count} connected");
            await CloseAsync(sockets);
        };
    }

    /// <summary>Opens so many tabs of one flooded user to the first front, which read nothing.</summary>
    public static async Task<Heal> SlowAsync(GatewayStage stage, int count)
    {
        const int users = 10;
        var names = Enumerable.Range(0, users).Select(i => string.Create(CultureInfo.InvariantCulture, $"slow-{i}")).ToArray();
        foreach (var name in names)
            stage.Backend.Play(name, stage.Backend.ServeAt(TimeSpan.FromSeconds(1.5), bytes: 64 << 10));
        var sockets = await OpenAsync(stage, count, i => Upgrade(names[i % users]));
        var front = stage.Fronts[0];
        return async () =>
        {
            await Eventually.HoldsAsync(
                async () => (await front.MetricsAsync()).Sum("connections_tab_closes_total", "slow") >= count, "the slow tabs are closed", TimeSpan.FromSeconds(60), () => front.Process.Output);
            stage.Note($"{count} closed as slow");
            await CloseAsync(sockets);
            foreach (var name in names)
            {
                stage.Backend.Play(name, stage.Backend.Serve);
                stage.Backend.Reset(name);
            }
        };
    }

    /// <summary>Opens so many connections to a front that say nothing; it may end them.</summary>
    public static Task<Socket[]> ConnectAsync(Uri front, int count) => OpenAsync(front, count, _ => []);

    /// <summary>Whether the front has ended a connection that said nothing.</summary>
    public static bool HasEnded(Socket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        return !socket.Connected || socket.Poll(0, SelectMode.SelectRead);
    }

    private static Task<Socket[]> OpenAsync(GatewayStage stage, int count, Func<int, byte[]> greeting) => OpenAsync(stage.Fronts[0].Address, count, greeting);

    private static async Task<Socket[]> OpenAsync(Uri front, int count, Func<int, byte[]> greeting)
    {
        var sockets = new Socket[count];
        for (var i = 0; i < count; i += Together)
            await Task.WhenAll(Enumerable.Range(i, Math.Min(Together, count - i)).Select(ConnectAsync));
        return sockets;

        async Task ConnectAsync(int index)
        {
            var socket = sockets[index] = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = SmallBuffer };
            try
            {
                await socket.ConnectAsync(front.Host, front.Port);
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset)
            {
                // Taken by the kernel, and ended by the front before this side had noticed.
                return;
            }

            if (greeting(index) is { Length: > 0 } bytes)
                await socket.SendAsync(bytes);
        }
    }

    private static byte[] Upgrade(string user, string headers = "") => Encoding.ASCII.GetBytes(
        $"GET /ws?user={user} HTTP/1.1\r\nHost: slow\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{headers}\r\n");

    private static Task CloseAsync(IEnumerable<Socket> sockets)
    {
        foreach (var socket in sockets)
            socket.Dispose();
        return Task.CompletedTask;
    }
}
