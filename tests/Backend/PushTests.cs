using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Connections.Backend.Tests;

public sealed class PushTests
{
    [Fact]
    public async Task A_push_reaches_all_connections_of_the_user_as_it_is()
    {
        await using var backend = await RunningBackend.StartAsync();
        var (first, second) = (await backend.DialAsync("u1"), await backend.DialAsync("u1"));

        using var response = await backend.PostAsync("/push/u1", "héllo");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("héllo", await first.ReceiveTextAsync());
        Assert.Equal("héllo", await second.ReceiveTextAsync());
    }

    [Fact]
    public async Task A_push_to_nobody_is_a_404_problem()
    {
        await using var backend = await RunningBackend.StartAsync();

        using var response = await backend.PostAsync("/push/u1", "x");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task A_push_to_everybody_sends_padded_ticks()
    {
        await using var backend = await RunningBackend.StartAsync();
        var (first, second) = (await backend.DialAsync("u1"), await backend.DialAsync("u2"));

        using var response = await backend.PostAsync("/push?count=10&size=200");
        var result = await response.Content.ReadFromJsonAsync<JsonElement>(Deadline.Token);

        Assert.Equal(20, result.GetProperty("queued").GetInt64());
        foreach (var socket in new[] { first, second })
        {
            for (var n = 1; n <= 10; n++)
            {
                var text = await socket.ReceiveTextAsync();
                Assert.Equal(200, text.Length);
                Assert.Equal(n, JsonDocument.Parse(text).RootElement.GetProperty("n").GetInt64());
            }
        }
    }

    [Theory]
    [InlineData("/push?count=0")]
    [InlineData("/push?size=-1")]
    [InlineData("/push?count=many")]
    public async Task A_push_out_of_range_is_a_400_problem(string path)
    {
        await using var backend = await RunningBackend.StartAsync();

        using var response = await backend.PostAsync(path);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }
}
