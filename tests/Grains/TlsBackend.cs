using System.Collections.Concurrent;
using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Connections.Grains.Tests;

/// <summary>A backend behind TLS that writes down what came with each dial, and greets with a binary message in two fragments.</summary>
internal sealed class TlsBackend : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(string? Key, string[] Offered)> _dials = [];

    public TlsBackend(X509Certificate2 certificate, string protocol)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(o => o.Listen(IPAddress.Loopback, 0, l => l.UseHttps(certificate)));
        _app = builder.Build();
        _app.UseWebSockets();
        _app.Map("/ws/{user}", async http =>
        {
            _dials.Enqueue((http.Request.Headers["X-Api-Key"], [.. http.WebSockets.WebSocketRequestedProtocols]));
            using var socket = await http.WebSockets.AcceptWebSocketAsync(protocol);
            await socket.SendAsync(Greeting.AsMemory(0, 2), WebSocketMessageType.Binary, false, http.RequestAborted);
            await socket.SendAsync(Greeting.AsMemory(2), WebSocketMessageType.Binary, true, http.RequestAborted);
            await socket.ReceiveAsync(new byte[1].AsMemory(), http.RequestAborted);
        });
    }

    /// <summary>What everybody gets first.</summary>
    public static byte[] Greeting { get; } = [0, 255, 128, 1];

    /// <summary>The template for <c>Upstream:Url</c>.</summary>
    public string Upstream => $"wss://localhost:{new Uri(_app.Urls.First()).Port}/ws/{{userId}}";

    /// <summary>The header <c>X-Api-Key</c> and the sub-protocols of each dial that got through.</summary>
    public IReadOnlyList<(string? Key, string[] Offered)> Dials => [.. _dials];

    public async Task<TlsBackend> StartAsync()
    {
        await _app.StartAsync();
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }
}
