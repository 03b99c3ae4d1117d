using System.Diagnostics;
using System.Net;

namespace Connections.Backend.Tests;

public sealed class Http2Tests
{
    [Fact]
    public async Task Sockets_over_http2_share_one_tcp_connection()
    {
        await using var backend = await RunningBackend.StartAsync("--Backend:Http2Port", "0");
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler());
        var before = await TcpConnectionsAsync(backend);

        var sockets = new List<TestSocket>();
        for (var i = 0; i < 20; i++)
            sockets.Add(await backend.DialAsync($"u{i}", dial => OverHttp2(dial, backend, invoker)));

        foreach (var socket in sockets)
        {
            await socket.SendAsync("x");
            Assert.Equal(1, await socket.ReceiveNumberAsync());
        }

        Assert.Equal(20, (await backend.StatsAsync()).GetProperty("connections").GetInt64());
        Assert.Equal(before + 1, await TcpConnectionsAsync(backend));
    }

    [Fact]
    public async Task An_aborted_socket_leaves_the_others_on_the_connection_alone()
    {
        await using var backend = await RunningBackend.StartAsync("--Backend:Http2Port", "0");
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler());
        var first = await backend.DialAsync("u1", dial => OverHttp2(dial, backend, invoker));
        var second = await backend.DialAsync("u2", dial => OverHttp2(dial, backend, invoker));

        await backend.PostAsync("/drop?user=u1");
        await first.ExpectAbortAsync();
        await second.SendAsync("x");

        Assert.Equal(1, await second.ReceiveNumberAsync());
    }

    [Fact]
    public async Task Faults_hit_http2_dials_as_well()
    {
        await using var backend = await RunningBackend.StartAsync("--Backend:Http2Port", "0");
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler());
        await backend.SwitchAsync("""{"mode":"refuse","retryAfterSeconds":5}""");

        var refused = await Assert.ThrowsAsync<DialRefusedException>(
            () => backend.DialAsync("u1", dial => OverHttp2(dial, backend, invoker)));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.Status);
        Assert.Equal("5", refused.Header("Retry-After"));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("stall")]
    [InlineData("stall-accept")]
    public async Task A_stop_with_sockets_over_http2_takes_less_than_a_second(string mode)
    {
        await using var backend = await RunningBackend.StartAsync("--Backend:TickInterval", "00:00:00.010", "--Backend:Http2Port", "0");
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler());
        for (var i = 0; i < 20; i++)
            await backend.DialAsync($"u{i}", dial => OverHttp2(dial, backend, invoker));
        await backend.SwitchAsync($$"""{"mode":"{{mode}}"}""");

        var clock = Stopwatch.StartNew();
        await backend.StopAsync();

        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(1), $"The stop took {clock.Elapsed}.");
    }

    private static void OverHttp2(TestDial dial, RunningBackend backend, HttpMessageInvoker invoker)
    {
        dial.Address = backend.Http2Address;
        dial.Invoker = invoker;
        dial.Options.HttpVersion = HttpVersion.Version20;
        dial.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
    }

    private static async Task<long> TcpConnectionsAsync(RunningBackend backend) =>
        (await backend.StatsAsync()).GetProperty("tcpConnections").GetInt64();
}
