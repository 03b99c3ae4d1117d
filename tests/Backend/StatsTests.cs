using System.Text.Json;

namespace Connections.Backend.Tests;

public sealed class StatsTests
{
    [Fact]
    public async Task Peaks_count_what_was_open_at_once()
    {
        await using var backend = await RunningBackend.StartAsync();
        var first = await backend.DialAsync("u1");
        await backend.DialAsync("u1");
        await backend.DialAsync("u2");
        await first.CloseAsync();

        var stats = await backend.StatsAsync();
        Assert.Equal(2, stats.GetProperty("connections").GetInt64());
        Assert.Equal(3, stats.GetProperty("peakConnections").GetInt64());
        Assert.Equal(3, stats.GetProperty("accepted").GetInt64());
        var user = stats.GetProperty("users").GetProperty("u1");
        Assert.Equal(1, user.GetProperty("connections").GetInt64());
        Assert.Equal(2, user.GetProperty("peakConnections").GetInt64());
        Assert.Equal(2, user.GetProperty("dials").GetInt64());
    }

    [Fact]
    public async Task A_prompt_redial_after_a_close_never_counts_as_a_second_connection()
    {
        await using var backend = await RunningBackend.StartAsync();
        for (var i = 0; i < 50; i++)
        {
            var socket = await backend.DialAsync("u1");
            if (i % 2 == 0)
            {
                await socket.CloseAsync();
            }
            else
            {
                await socket.SendAsync("!close 4001");
                await socket.ExpectCloseAsync(4001);
            }
        }

        Assert.Equal(1, (await backend.UserAsync("u1")).GetProperty("peakConnections").GetInt64());
        Assert.Equal(50, (await backend.UserAsync("u1")).GetProperty("dials").GetInt64());
    }

    [Fact]
    public async Task The_generation_of_the_last_dial_is_kept()
    {
        await using var backend = await RunningBackend.StartAsync();
        await backend.DialAsync("u1", dial => dial.Options.SetRequestHeader("X-Connection-Generation", "41"));
        await backend.DialAsync("u1", dial => dial.Options.SetRequestHeader("X-Connection-Generation", "42"));

        Assert.Equal(42, (await backend.UserAsync("u1")).GetProperty("lastGeneration").GetInt64());
    }

    [Fact]
    public async Task Messages_dials_and_calls_are_counted()
    {
        await using var backend = await RunningBackend.StartAsync();
        var socket = await backend.DialAsync("u1");
        await socket.SendAsync("x");
        await socket.ReceiveTextAsync();
        await backend.Http.GetAsync("/ws/u1", Deadline.Token);
        await backend.Http.GetAsync("/api/hello", Deadline.Token);

        var stats = await backend.StatsAsync();
        Assert.Equal(1, stats.GetProperty("received").GetInt64());
        Assert.Equal(1, stats.GetProperty("sent").GetInt64());
        Assert.Equal(1, stats.GetProperty("refused").GetInt64());
        Assert.Equal(1, stats.GetProperty("apiCalls").GetInt64());
        Assert.True(stats.GetProperty("peakAcceptsPerSecond").GetInt64() >= 1);
        var seconds = stats.GetProperty("dialsPerSecond").EnumerateArray().ToArray();
        Assert.Equal(1, seconds.Sum(second => second.GetProperty("accepted").GetInt64()));
        Assert.Equal(1, seconds.Sum(second => second.GetProperty("refused").GetInt64()));
        Assert.All(seconds, second => Assert.Equal(10, second.GetProperty("tenths").GetArrayLength()));
        Assert.Equal(2, seconds.Sum(second => second.GetProperty("tenths").EnumerateArray().Sum(tenth => tenth.GetInt64())));
        Assert.Equal(JsonValueKind.Null, (await backend.GetAsync("/stats?users=false")).GetProperty("users").ValueKind);
    }

    [Fact]
    public async Task A_reset_zeroes_totals_and_takes_what_is_open_as_the_peak()
    {
        await using var backend = await RunningBackend.StartAsync();
        await backend.DialAsync("u1");
        var second = await backend.DialAsync("u1");
        await second.SendAsync("x");
        await second.ReceiveTextAsync();
        await second.CloseAsync();

        await backend.PostAsync("/stats/reset");

        var stats = await backend.StatsAsync();
        Assert.Equal(1, stats.GetProperty("connections").GetInt64());
        Assert.Equal(1, stats.GetProperty("peakConnections").GetInt64());
        Assert.Equal(0, stats.GetProperty("accepted").GetInt64());
        Assert.Equal(0, stats.GetProperty("received").GetInt64());
        Assert.Equal(0, stats.GetProperty("dialsPerSecond").GetArrayLength());
        var user = stats.GetProperty("users").GetProperty("u1");
        Assert.Equal(1, user.GetProperty("peakConnections").GetInt64());
        Assert.Equal(0, user.GetProperty("dials").GetInt64());
    }

    [Fact]
    public async Task An_unknown_user_has_zeros()
    {
        await using var backend = await RunningBackend.StartAsync();

        Assert.Equal(0, (await backend.UserAsync("nobody")).GetProperty("dials").GetInt64());
    }
}
