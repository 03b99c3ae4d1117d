using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.SignalR;

namespace Connections.Load.Peers;

/// <summary>SignalR that opens a connection to the backend for each of its own.</summary>
internal sealed class PerTabHubPeer(IHubContext<PerTabHubPeer> hub, BackendAddress backend) : Hub
{
    private const int LongestMessage = 8 << 10;

    private static readonly ConcurrentDictionary<string, ClientWebSocket> Sockets = [];

    /// <summary>Runs it.</summary>
    public static Task RunAsync(int port, int backend)
    {
        var builder = PeerHost.Make(port);
        builder.Services.AddSignalR();
        builder.Services.AddSingleton(new BackendAddress(backend));
        var app = builder.Build();
        app.MapHub<PerTabHubPeer>("/hub");
        return PeerHost.RunAsync(app);
    }

    /// <inheritdoc/>
    public override async Task OnConnectedAsync()
    {
        var socket = Sockets[Context.ConnectionId] = new ClientWebSocket();
        await socket.ConnectAsync(backend.Of(Context.GetHttpContext()!.Request.Query["user"].ToString()), CancellationToken.None);
        _ = ReadAsync(socket, hub.Clients.Client(Context.ConnectionId));
    }

    /// <inheritdoc/>
    public override Task OnDisconnectedAsync(Exception? exception)
    {
        if (Sockets.TryRemove(Context.ConnectionId, out var socket))
            socket.Dispose();
        return Task.CompletedTask;
    }

    private static async Task ReadAsync(ClientWebSocket socket, ISingleClientProxy tab)
    {
        var buffer = new byte[LongestMessage];
        try
        {
            while (await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None) is { MessageType: not WebSocketMessageType.Close } read)
                await tab.SendAsync(HubPeer.Event, Encoding.UTF8.GetString(buffer, 0, read.Count));
        }
        catch (WebSocketException)
        {
            // The tab has gone, and its socket with it.
        }
    }
}

/// <summary>Where the backend is.</summary>
internal sealed record BackendAddress(int Port)
{
    /// <summary>The address of a user's connection.</summary>
    public Uri Of(string user) => new($"ws://127.0.0.1:{Port}/ws/{user}");
}
