using Microsoft.AspNetCore.SignalR;

namespace Connections.WebFront.Hub;

/// <summary>Lets the hub see its connection, so that a tab writes messages that are encoded once for all tabs of its user.</summary>
internal sealed class HubTabLifetime(ILogger<DefaultHubLifetimeManager<ConnectionHub>> logger) : DefaultHubLifetimeManager<ConnectionHub>(logger)
{
    /// <inheritdoc/>
    public override Task OnConnectedAsync(HubConnectionContext connection)
    {
        connection.Features.Set(new HubTab(connection));
        return base.OnConnectedAsync(connection);
    }
}
