using Connections.Hosting.Draining;
using Connections.WebFront.Lines;
using Connections.WebFront.Sessions;
using Microsoft.Extensions.Options;

namespace Connections.WebFront.Admission;

/// <summary>Whether this front takes new tabs: not before it has found a silo, and not once it was asked to stop.</summary>
internal sealed class FrontDoor(IHostApplicationLifetime application, DrainState drain, SessionRegistry sessions, ConnectionRoom room, IOptions<FrontOptions> options)
{
    /// <summary>Why not, or null when it does.</summary>
    public string? ClosedBecause =>
        drain.IsDraining ? "This front is stopping: come again, another one will take you."
        : !application.ApplicationStarted.IsCancellationRequested ? "This front is starting: it looks for a silo."
        : null;

    /// <summary>Why it takes no further tab although its door is open, or null when it does.</summary>
    public string? FullBecause =>
        sessions.Tabs >= options.Value.MaxTabs ? "This front has as many tabs as it may: come again, another one may take you."
        : room.IsShort ? "This front has as many connections as it may: come again, another one may take you."
        : null;
}
