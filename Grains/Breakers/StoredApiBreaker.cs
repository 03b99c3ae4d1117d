using Connections.Core;

namespace Connections.Grains.Breakers;

/// <summary>What outlives an activation of a route's breaker, in grain storage.</summary>
public sealed class StoredApiBreaker
{
    /// <summary>A random number, made with the record: versions of different terms cannot be compared.</summary>
    public long Term { get; set; }

    /// <summary>Counts the transitions.</summary>
    public long Version { get; set; }

    /// <summary>The breaker at its last transition.</summary>
    public BreakerSnapshot? Breaker { get; set; }
}
