using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Connections.WebFront.Tests;

/// <summary>Answers of the backend behind <c>/api</c> that do not say how long they are.</summary>
public sealed class AnswersInPieces(SharedRedis redis) : IAsyncLifetime
{
    private const string Head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n";

    private readonly TcpListener _backend = new(IPAddress.Loopback, 0);
    private readonly HttpClient _http = new();
    private RunningGateway _gateway = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _backend.Start();
        _gateway = await RunningGateway.StartAsync(
            redis.Server, "Development", "Api:Routes:raw:Path=/api/raw", $"Api:Routes:raw:Destination=http://{_backend.LocalEndpoint}", "Api:RetryRatio=0");
        _http.BaseAddress = _gateway.Address;
    }

    public async ValueTask DisposeAsync()
    {
        _backend.Dispose();
        _http.Dispose();
        await _gateway.DisposeAsync();
    }

    [Fact]
    public async Task A_short_one_reaches_the_caller_at_once()
    {
        using var caller = new TcpClient();
        await caller.ConnectAsync(_gateway.Address.Host, _gateway.Address.Port, Ct);
        await caller.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET /api/raw?user=alice HTTP/1.1\r\nHost: {_gateway.Address.Authority}\r\n\r\n"), Ct);

        await AnswerAsync($"{Head}5\r\nhello\r\n0\r\n\r\n");
        var buffer = new byte[4_096];
        var answer = Encoding.ASCII.GetString(buffer, 0, await caller.GetStream().ReadAsync(buffer, Ct));

        Assert.StartsWith("HTTP/1.1 200 OK\r\n", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n5\r\nhello\r\n0\r\n\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_is_no_answer_after_its_first_piece_is_an_error_and_no_half_answer()
    {
        var asking = _http.GetAsync("/api/raw?user=alice", Ct);
        await AnswerAsync($"{Head}5\r\nhello\r\nno length\r\n");
        using var response = await asking;
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(Ct);

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(502, problem.GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task A_long_one_arrives_whole()
    {
        var asking = _http.GetStringAsync("/api/raw?user=alice", Ct);
        var pieces = Enumerable.Range(0, 2_000).Select(i => new string((char)('a' + (i % 26)), 1 + (i * 37 % 5_000))).ToArray();
        await AnswerAsync($"{Head}{string.Concat(pieces.Select(p => $"{p.Length:x}\r\n{p}\r\n"))}0\r\n\r\n");

        Assert.Equal(string.Concat(pieces), await asking);
    }

    // One request, one answer, and the connection stays.
    private async Task AnswerAsync(string answer)
    {
        var gateway = await _backend.AcceptTcpClientAsync(Ct);
        _ = await gateway.GetStream().ReadAsync(new byte[4_096], Ct);
        await gateway.GetStream().WriteAsync(Encoding.ASCII.GetBytes(answer), Ct);
    }
}
