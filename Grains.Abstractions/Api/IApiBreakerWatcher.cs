namespace Connections.Grains.Abstractions.Api;

/// <summary>A front that keeps replicas of the breakers. Called by their grains at each transition.</summary>
[Alias("connections.api-breaker-watcher")]
public interface IApiBreakerWatcher : IGrainObserver
{
    /// <summary>A breaker changed.</summary>
    [Alias("Changed"), ResponseTimeout("00:00:02")]
    Task Changed(ApiBreakerView view);
}
