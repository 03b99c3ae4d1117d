namespace Connections.Grains.Placement;

/// <summary>What a connection that moves says about where it goes, in the request context of its migration.</summary>
internal static class PlacementHints
{
    /// <summary>The silo that it leaves, in Orleans' own form: not there again.</summary>
    public const string Avoid = "connections.avoid";
}
