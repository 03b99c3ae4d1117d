using Connections.Hosting.Draining;
using Connections.WebFront.Sessions;

namespace Connections.WebFront.Admission;

/// <summary>Whether this front takes new tabs: not before it has found a silo, and not once it was asked to stop.</summary>
internal sealed class FrontDoor(IHostApplicationLifetime application, DrainState drain, SessionRegistry sessions)
{
    /// <summary>Why not, or null when it does.</summary>
    public string? ClosedBecause =>
        drain.IsDraining || sessions.IsDraining ? "This front is stopping: come again, another one will take you."
        : !application.ApplicationStarted.IsCancellationRequested ? "This front is starting: it looks for a silo."
        : null;
}
