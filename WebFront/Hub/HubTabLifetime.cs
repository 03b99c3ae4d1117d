using Microsoft.AspNetCore.SignalR;

namespace Connections.WebFront.Hub;

/// <summary>Lets the hub see its connection, so that a tab writes messages that are encoded once for all tabs of its user.</summary>
internal sealed class HubTabLifetime(ILogger<DefaultHubLifetimeManager<ConnectionHub>> logger) : DefaultHubLifetimeManager<ConnectionHub>(logger)
{
    /// <summary>Where the hub finds its <see cref="HubConnectionContext"/> among the connection's items.</summary>
    public const string ConnectionKey = "connection";

    /// <inheritdoc/>
    public override Task OnConnectedAsync(HubConnectionContext connection)
    {
        connection.Items[ConnectionKey] = connection;
        return base.OnConnectedAsync(connection);
    }
}
