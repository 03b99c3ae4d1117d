using System.Collections.Concurrent;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Connections.Grains.Tests;

/// <summary>A backend that writes down with which code each socket was closed, which the sample backend does not tell.</summary>
internal sealed class CloseRecorder : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<int?> _closes = [];
    private volatile bool _refuses;

    /// <param name="greeting">What every connection gets first.</param>
    /// <param name="emptyFragments">How many fragments without content stand before it, of the same message.</param>
    public CloseRecorder(byte[]? greeting = null, int emptyFragments = 0)
    {
        var builder = WebApplication.CreateSlimBuilder(["--urls", "http://127.0.0.1:0"]);
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.UseWebSockets();
        _app.Map("/ws/{user}", async http =>
        {
            if (_refuses)
            {
                http.Response.StatusCode = 503;
                return;
            }

            using var socket = await http.WebSockets.AcceptWebSocketAsync();
            var sending = greeting is null ? Task.CompletedTask : GreetAsync(socket, greeting, emptyFragments, http.RequestAborted);
            _closes.Enqueue(await CloseAsync(socket));
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
    }

    /// <summary>The template for <c>Upstream:Url</c>.</summary>
    public string Upstream => $"ws://{new Uri(_app.Urls.First()).Authority}/ws/{{userId}}";

    /// <summary>The codes in order; null where a line was cut without one.</summary>
    public IReadOnlyList<int?> Closes => [.. _closes];

    /// <summary>Whether dials are refused.</summary>
    public bool Refuses
    {
        get => _refuses;
        set => _refuses = value;
    }

    public async Task<CloseRecorder> StartAsync()
    {
        await _app.StartAsync();
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static async Task GreetAsync(WebSocket socket, byte[] greeting, int emptyFragments, CancellationToken ct)
    {
        for (var i = 0; i < emptyFragments; i++)
            await socket.SendAsync(Array.Empty<byte>(), WebSocketMessageType.Text, false, ct);
        await socket.SendAsync(greeting, WebSocketMessageType.Text, true, ct);
    }

    private static async Task<int?> CloseAsync(WebSocket socket)
    {
        var buffer = new byte[4_096];
        try
        {
            while ((await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None)).MessageType != WebSocketMessageType.Close)
            {
            }

            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        }
        catch (Exception e) when (e is WebSocketException or IOException or OperationCanceledException)
        {
            // The line was cut.
        }

        return (int?)socket.CloseStatus;
    }
}
