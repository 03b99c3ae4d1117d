namespace Connections.Grains.Placement;

/// <summary>
/// Puts users on silos at random, but on none that is leaving. At random, because placements that follow statistics put a burst of users on
/// the silo that looked best a second ago, or on the one that happens to host the fewest grains of other kinds.
/// </summary>
[GenerateSerializer, Immutable, Alias("connections.user-placement")]
internal sealed class UserPlacement : PlacementStrategy
{
    /// <summary>The one instance.</summary>
    public static UserPlacement Instance { get; } = new();
}
