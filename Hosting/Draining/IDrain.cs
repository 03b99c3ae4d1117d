namespace Connections.Hosting.Draining;

/// <summary>Something to be done while everything still works, before the process begins to stop. Called by <see cref="DrainLifetime"/>.</summary>
public interface IDrain
{
    /// <summary>Does it; what is not done when the token fires is given up.</summary>
    Task DrainAsync(CancellationToken cancellationToken);
}
