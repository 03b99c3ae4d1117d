using System.Net;

namespace Connections.Backend.Tests;

public sealed class ApiTests
{
    [Theory]
    [InlineData("/api/hello", 200)]
    [InlineData("/api/time", 200)]
    [InlineData("/api/slow?ms=1", 200)]
    [InlineData("/api/status/418", 418)]
    [InlineData("/api/status/204", 204)]
    [InlineData("/api/status/99", 400)]
    [InlineData("/api/slow?ms=-1", 400)]
    [InlineData("/", 200)]
    [InlineData("/health", 200)]
    [InlineData("/nothing", 404)]
    public async Task Each_address_answers(string path, int status)
    {
        await using var backend = await RunningBackend.StartAsync();

        using var response = await backend.Http.GetAsync(path, Deadline.Token);

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task The_echo_gives_the_body_back()
    {
        await using var backend = await RunningBackend.StartAsync();

        using var response = await backend.PostAsync("/api/echo", "body");

        Assert.Equal("body", await response.Content.ReadAsStringAsync(Deadline.Token));
        Assert.Equal("text/plain", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Calls_fail_are_slow_or_abort_while_the_fault_says_so()
    {
        await using var backend = await RunningBackend.StartAsync();

        await backend.SwitchAsync("""{"api":"fail","status":500,"retryAfterSeconds":3}""");
        using (var failed = await backend.Http.GetAsync("/api/hello", Deadline.Token))
        {
            Assert.Equal(HttpStatusCode.InternalServerError, failed.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(3), failed.Headers.RetryAfter?.Delta);
        }

        await backend.SwitchAsync("""{"api":"slow","apiDelaySeconds":600}""");
        using var enough = new CancellationTokenSource();
        var slow = backend.Http.GetAsync("/api/hello", enough.Token);
        await Deadline.UntilAsync("the call arrives", async () => (await backend.StatsAsync()).GetProperty("apiCalls").GetInt64() == 2);
        Assert.False(slow.IsCompleted);
        await enough.CancelAsync();

        await backend.SwitchAsync("""{"api":"abort"}""");
        await Assert.ThrowsAsync<HttpRequestException>(() => backend.Http.GetAsync("/api/hello", Deadline.Token));
        await backend.DialAsync("u1"); // sockets are not hit
    }

    [Fact]
    public async Task Any_origin_may_drive_it()
    {
        await using var backend = await RunningBackend.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Options, "/faults");
        request.Headers.Add("Origin", "http://somewhere.example");
        request.Headers.Add("Access-Control-Request-Method", "PUT");

        using var response = await backend.Http.SendAsync(request, Deadline.Token);

        Assert.Equal("*", response.Headers.GetValues("Access-Control-Allow-Origin").Single());
    }
}
