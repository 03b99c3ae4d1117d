using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Connections.Backend.Tests;

/// <summary>A backend of its own for each test, in-process on a free port, spoken to over real sockets.</summary>
internal sealed class RunningBackend : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly List<TestSocket> _sockets = [];

    private RunningBackend(WebApplication app)
    {
        _app = app;
        Address = new(app.Urls.First());
        Http2Address = new(app.Urls.Last());
        Http = new() { BaseAddress = Address, Timeout = Deadline.Long };
    }

    internal Uri Address { get; }

    internal Uri Http2Address { get; }

    internal HttpClient Http { get; }

    /// <summary>Ticks are off unless the settings say otherwise.</summary>
    internal static async Task<RunningBackend> StartAsync(params string[] settings)
    {
        var app = BackendApp.Build(["--urls", "http://127.0.0.1:0", "--Backend:TickInterval", "0", .. settings],
            builder => builder.Logging.ClearProviders());
        await app.StartAsync(Deadline.Token);
        return new(app);
    }

    /// <summary>Dials as a gateway would; the answer has to come before the deadline.</summary>
    internal async Task<TestSocket> DialAsync(string user, Action<TestDial>? change = null)
    {
        var socket = await TestSocket.DialAsync(user, Address, change);
        _sockets.Add(socket);
        return socket;
    }

    internal Task<JsonElement> StatsAsync() => GetAsync("/stats");

    internal Task<JsonElement> UserAsync(string user) => GetAsync($"/users/{user}");

    internal Task<JsonElement> GetAsync(string path) => Http.GetFromJsonAsync<JsonElement>(path, Deadline.Token);

    internal async Task<HttpResponseMessage> PostAsync(string path, string? body = null) =>
        await Http.PostAsync(path, body is null ? null : new StringContent(body, Encoding.UTF8, "text/plain"), Deadline.Token);

    internal async Task<HttpResponseMessage> PutFaultAsync(string json) =>
        await Http.PutAsync("/faults", new StringContent(json, Encoding.UTF8, "application/json"), Deadline.Token);

    /// <summary>Switches a fault on, which has to succeed.</summary>
    internal async Task SwitchAsync(string json)
    {
        using var response = await PutFaultAsync(json);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    internal Task StopAsync() => _app.StopAsync(Deadline.Token);

    public async ValueTask DisposeAsync()
    {
        foreach (var socket in _sockets)
            socket.Dispose();
        await _app.StopAsync(Deadline.Token);
        await _app.DisposeAsync();
        Http.Dispose();
    }
}
