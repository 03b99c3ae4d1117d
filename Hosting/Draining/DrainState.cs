namespace Connections.Hosting.Draining;

/// <summary>Whether this process was asked to stop. From then on it is not ready, and takes in nobody new.</summary>
public sealed class DrainState
{
    private volatile bool _draining;

    /// <summary>Whether it was.</summary>
    public bool IsDraining => _draining;

    /// <summary>It was asked to stop, by a signal or by an operator; there is no way back.</summary>
    public void Begin() => _draining = true;
}
