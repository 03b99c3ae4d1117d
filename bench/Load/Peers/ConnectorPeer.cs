using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.SignalR;

namespace Connections.Load.Peers;

/// <summary>The process that has a connection to the backend for each user and publishes what it brings to the user's group.</summary>
internal static class ConnectorPeer
{
    private const int LongestMessage = 8 << 10;

    /// <summary>Runs it.</summary>
    public static Task RunAsync(int port, int redis, int backend)
    {
        var builder = PeerHost.Make(port);
        builder.Services.AddSignalR().AddStackExchangeRedis($"127.0.0.1:{redis}");
        var app = builder.Build();
        app.MapPost("/users/{user}", async (string user, IHubContext<HubPeer> hub) =>
        {
            var socket = new ClientWebSocket();
            await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{backend}/ws/{user}"), CancellationToken.None);
            _ = ReadAsync(socket, hub.Clients.Group(user));
        });
        return PeerHost.RunAsync(app);
    }

    private static async Task ReadAsync(ClientWebSocket socket, IClientProxy group)
    {
        var buffer = new byte[LongestMessage];
        while (await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None) is { MessageType: not WebSocketMessageType.Close } read)
            await group.SendAsync(HubPeer.Event, Encoding.UTF8.GetString(buffer, 0, read.Count));
    }
}
