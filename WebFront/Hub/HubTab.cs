using Connections.WebFront.Sessions;
using Microsoft.AspNetCore.SignalR;

namespace Connections.WebFront.Hub;

/// <summary>What the hub keeps of a connection from one call to the next: a feature of it, for SignalR makes a hub for each call.</summary>
/// <param name="connection">SignalR's side of it, which writes messages that are encoded once for all tabs of a user.</param>
internal sealed class HubTab(HubConnectionContext connection)
{
    /// <summary>SignalR's side of it.</summary>
    public HubConnectionContext Connection => connection;

    /// <summary>The tab, once it is connected.</summary>
    public Tab? Tab { get; set; }

    /// <summary>Whether it was opened, or is about to be.</summary>
    public bool IsOpen { get; set; }
}
