namespace Connections.Grains.Placement;

/// <summary>What is said about where a connection that moves comes from, in the request context: of the call that moves it, and of its migration.</summary>
internal static class PlacementHints
{
    /// <summary>The silo that it leaves, in Orleans' own form: not there again.</summary>
    public const string Avoid = "connections.avoid";
}
