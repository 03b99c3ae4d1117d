using System.Diagnostics;
using System.Net.WebSockets;

namespace Connections.Backend.Tests;

public sealed class StopTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData("none")]
    [InlineData("stall")]
    [InlineData("stop-reading")]
    [InlineData("flood")]
    [InlineData("flap")]
    public async Task A_stop_with_open_sockets_takes_less_than_a_second(string mode)
    {
        await using var backend = await RunningBackend.StartAsync("--Backend:TickInterval", "00:00:00.010", "--Backend:Http2Port", "0");
        for (var i = 0; i < 50; i++)
            await backend.DialAsync($"u{i % 10}");
        await backend.SwitchAsync($$"""{"mode":"{{mode}}"}""");

        var clock = Stopwatch.StartNew();
        await backend.StopAsync();

        Assert.True(clock.Elapsed < Limit, $"The stop took {clock.Elapsed}.");
    }

    [Fact]
    public async Task A_reader_hears_1001_when_the_backend_stops()
    {
        await using var backend = await RunningBackend.StartAsync();
        var socket = await backend.DialAsync("u1");

        var clock = Stopwatch.StartNew();
        var stopping = backend.StopAsync();
        await socket.ExpectCloseAsync((int)WebSocketCloseStatus.EndpointUnavailable);
        await stopping;

        Assert.True(clock.Elapsed < Limit, $"The stop took {clock.Elapsed}.");
    }

    [Fact]
    public async Task Held_dials_and_slow_calls_do_not_hold_a_stop_up()
    {
        await using var backend = await RunningBackend.StartAsync();
        var slow = backend.Http.GetAsync("/api/slow?ms=60000", Deadline.Token);
        await backend.SwitchAsync("""{"mode":"stall-accept"}""");
        var held = backend.DialAsync("u1");
        await Deadline.UntilAsync("both are held", async () =>
            (await backend.StatsAsync()) is var stats
            && stats.GetProperty("stalledDials").GetInt64() == 1 && stats.GetProperty("apiCalls").GetInt64() == 1);

        var clock = Stopwatch.StartNew();
        await backend.StopAsync();

        Assert.True(clock.Elapsed < Limit, $"The stop took {clock.Elapsed}.");
        await Assert.ThrowsAsync<DialRefusedException>(() => held);
        await slow;
    }
}
