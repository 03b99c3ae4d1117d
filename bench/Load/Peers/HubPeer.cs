using System.Collections.Concurrent;
using Microsoft.AspNetCore.SignalR;

namespace Connections.Load.Peers;

/// <summary>SignalR with the Redis backplane as its documentation sets it up: a tab is in the group of its user, and asks for its user's connector.</summary>
internal sealed class HubPeer(Connectors connectors) : Hub
{
    /// <summary>The event that tabs hear.</summary>
    public const string Event = "Message";

    /// <summary>Runs the process that has the tabs.</summary>
    public static Task RunAsync(int port, int redis, int connectors)
    {
        var builder = PeerHost.Make(port);
        builder.Services.AddSignalR().AddStackExchangeRedis($"127.0.0.1:{redis}");
        builder.Services.AddSingleton(new Connectors(connectors));
        var app = builder.Build();
        app.MapHub<HubPeer>("/hub");
        return PeerHost.RunAsync(app);
    }

    /// <inheritdoc/>
    public override async Task OnConnectedAsync()
    {
        var user = Context.GetHttpContext()!.Request.Query["user"].ToString();
        await Groups.AddToGroupAsync(Context.ConnectionId, user);
        await connectors.WantAsync(user);
    }
}

/// <summary>The process that has the connectors, as the hub sees it.</summary>
internal sealed class Connectors(int port)
{
    private readonly ConcurrentDictionary<string, Lazy<Task>> _wanted = [];
    private readonly HttpClient _http = new() { BaseAddress = new Uri($"http://127.0.0.1:{port}") };

    /// <summary>Makes sure that a user has its connector.</summary>
    public Task WantAsync(string user) => _wanted.GetOrAdd(user, u => new(() => _http.PostAsync(new Uri($"/users/{u}", UriKind.Relative), null))).Value;
}
