using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;

namespace Connections.Backend.Tests;

public sealed class FaultTests
{
    [Fact]
    public async Task Refuse_answers_with_the_status_and_retry_after()
    {
        await using var backend = await RunningBackend.StartAsync();
        var open = await backend.DialAsync("u1");
        await backend.SwitchAsync("""{"mode":"refuse","status":429,"retryAfterSeconds":7}""");

        var refused = await Assert.ThrowsAsync<DialRefusedException>(() => backend.DialAsync("u1"));

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.Status);
        Assert.Equal("7", refused.Header("Retry-After"));
        Assert.Equal(1, (await backend.StatsAsync()).GetProperty("refused").GetInt64());
        await open.SendAsync("still open");
        await open.ReceiveTextAsync();
    }

    [Fact]
    public async Task A_fault_hits_only_the_users_it_names_and_ends_when_deleted()
    {
        await using var backend = await RunningBackend.StartAsync();
        await backend.SwitchAsync("""{"mode":"refuse","users":["u1","u2"]}""");

        await Assert.ThrowsAsync<DialRefusedException>(() => backend.DialAsync("u1"));
        await backend.DialAsync("u3");
        await backend.Http.DeleteAsync("/faults", Deadline.Token);
        await backend.DialAsync("u1");

        Assert.Equal("none", (await backend.GetAsync("/faults")).GetProperty("mode").GetString());
    }

    [Fact]
    public async Task Stall_accept_never_answers()
    {
        await using var backend = await RunningBackend.StartAsync();
        await backend.SwitchAsync("""{"mode":"stall-accept"}""");
        using var socket = new ClientWebSocket();
        using var enough = new CancellationTokenSource();

        var dialling = socket.ConnectAsync(new UriBuilder(backend.Address) { Scheme = "ws", Path = "/ws/u1" }.Uri, enough.Token);
        await Deadline.UntilAsync("the dial is held", async () => (await backend.StatsAsync()).GetProperty("stalledDials").GetInt64() == 1);
        await backend.Http.DeleteAsync("/faults", Deadline.Token);
        await backend.DialAsync("u1"); // a new dial is answered, the held one never
        Assert.False(dialling.IsCompleted);
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => dialling);

        await Deadline.UntilAsync("the held dial is gone", async () =>
            (await backend.StatsAsync()).GetProperty("stalledDials").GetInt64() == 0);
        Assert.Equal(1, (await backend.StatsAsync()).GetProperty("peakStalledDials").GetInt64());
    }

    [Fact]
    public async Task Stall_silences_open_and_new_sockets_pings_included_until_it_ends()
    {
        await using var backend = await RunningBackend.StartAsync("--Backend:TickInterval", "00:00:00.020");
        var open = await backend.DialAsync("u1", Impatient);
        await open.ReceiveNumberAsync();
        await backend.SwitchAsync("""{"mode":"stall"}""");
        var opened = await backend.DialAsync("u2", Impatient);

        await open.ExpectUnansweredPingAsync();
        await opened.ExpectUnansweredPingAsync();

        var patient = await backend.DialAsync("u3");
        await patient.SendAsync("x");
        Assert.Equal(0, (await backend.UserAsync("u3")).GetProperty("received").GetInt64());
        await backend.Http.DeleteAsync("/faults", Deadline.Token);
        Assert.Equal(1, await patient.ReceiveNumberAsync());
        await Deadline.UntilAsync("the message arrives", async () =>
            (await backend.UserAsync("u3")).GetProperty("received").GetInt64() == 1);
    }

    [Fact]
    public async Task Stop_reading_sends_but_takes_nothing()
    {
        await using var backend = await RunningBackend.StartAsync("--Backend:TickInterval", "00:00:00.010");
        var socket = await backend.DialAsync("u1");
        await backend.SwitchAsync("""{"mode":"stop-reading"}""");

        await socket.SendAsync("x");
        for (var i = 0; i < 20; i++)
            Assert.Equal("tick", (await socket.ReceiveJsonAsync()).GetProperty("type").GetString());
        Assert.Equal(0, (await backend.UserAsync("u1")).GetProperty("received").GetInt64());

        await backend.Http.DeleteAsync("/faults", Deadline.Token);
        await Deadline.UntilAsync("the message arrives", async () =>
            (await backend.UserAsync("u1")).GetProperty("received").GetInt64() == 1);
    }

    [Fact]
    public async Task Flap_drops_all_and_refuses_and_then_accepts_again()
    {
        await using var backend = await RunningBackend.StartAsync();
        var before = await backend.DialAsync("u1");
        await backend.SwitchAsync("""{"mode":"flap","upSeconds":0.5,"downSeconds":0.5}""");

        for (var round = 0; round < 2; round++)
        {
            await before.ExpectAbortAsync();
            var refused = await Assert.ThrowsAsync<DialRefusedException>(() => backend.DialAsync("u1"));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.Status);
            TestSocket? again = null;
            await Deadline.UntilAsync("the backend accepts again", async () => (again = await TryDialAsync(backend)) is not null);
            before = again!;
        }
    }

    [Fact]
    public async Task Flood_sends_at_its_rate_to_each_connection()
    {
        await using var backend = await RunningBackend.StartAsync();
        var socket = await backend.DialAsync("u1");
        var clock = Stopwatch.StartNew();
        await backend.SwitchAsync("""{"mode":"flood","perSecond":2000}""");

        for (var n = 1; n <= 1_000; n++)
            Assert.Equal(n, await socket.ReceiveNumberAsync());

        Assert.True(clock.Elapsed > TimeSpan.FromMilliseconds(400), $"1,000 messages took {clock.Elapsed}, faster than the rate.");
    }

    [Fact]
    public async Task Drop_aborts_all_or_those_of_one_user()
    {
        await using var backend = await RunningBackend.StartAsync();
        var (first, second) = (await backend.DialAsync("u1"), await backend.DialAsync("u2"));

        Assert.Equal(1, await DropAsync(backend, "/drop?user=u1"));
        await first.ExpectAbortAsync();
        await second.SendAsync("still open");
        await second.ReceiveTextAsync();
        Assert.Equal(1, await DropAsync(backend, "/drop"));
        await second.ExpectAbortAsync();
        Assert.Equal(0, (await backend.StatsAsync()).GetProperty("connections").GetInt64());
    }

    [Fact]
    public async Task Drop_with_a_code_closes_politely()
    {
        await using var backend = await RunningBackend.StartAsync();
        var socket = await backend.DialAsync("u1");

        Assert.Equal(1, await DropAsync(backend, "/drop?code=1012&reason=restart"));

        await socket.ExpectCloseAsync(1012, "restart");
        using var bad = await backend.PostAsync("/drop?code=1006");
        Assert.Equal(HttpStatusCode.BadRequest, bad.StatusCode);
    }

    [Theory]
    [InlineData("""{"mode":"refus"}""", "mode", "refuse")]
    [InlineData("""{"mode":"refuse","status":1000}""", "status", "599")]
    [InlineData("""{"mode":"flap","upSeconds":0}""", "upSeconds", "0.05")]
    [InlineData("""{"mode":"stall","users":[]}""", "users", "leave the member out")]
    [InlineData("""{"api":"broken"}""", "api", "slow")]
    [InlineData("""{"moode":"refuse"}""", "moode", "retryAfterSeconds")]
    [InlineData("""{"status":"many"}""", "status", "503")]
    [InlineData("""{"mode":""", "can't be read", "retryAfterSeconds")]
    [InlineData("", "can't be read", "retryAfterSeconds")]
    [InlineData("null", "null", "retryAfterSeconds")]
    public async Task A_bad_fault_is_a_problem_that_names_the_wrong_and_the_right(string body, string wrong, string right)
    {
        await using var backend = await RunningBackend.StartAsync();

        using var response = await backend.PutFaultAsync(body);
        var detail = (await response.Content.ReadFromJsonAsync<JsonElement>(Deadline.Token)).GetProperty("detail").GetString();

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains(wrong, detail, StringComparison.Ordinal);
        Assert.Contains(right, detail, StringComparison.Ordinal);
        Assert.Equal("none", (await backend.GetAsync("/faults")).GetProperty("mode").GetString());
    }

    private static void Impatient(TestDial dial)
    {
        dial.Options.KeepAliveInterval = TimeSpan.FromMilliseconds(200);
        dial.Options.KeepAliveTimeout = TimeSpan.FromMilliseconds(500);
    }

    private static async Task<TestSocket?> TryDialAsync(RunningBackend backend)
    {
        try
        {
            return await backend.DialAsync("u1");
        }
        catch (DialRefusedException)
        {
            return null;
        }
    }

    private static async Task<int> DropAsync(RunningBackend backend, string path)
    {
        using var response = await backend.PostAsync(path);
        return (await response.Content.ReadFromJsonAsync<JsonElement>(Deadline.Token)).GetProperty("dropped").GetInt32();
    }
}
