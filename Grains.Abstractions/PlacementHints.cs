namespace Connections.Grains.Abstractions;

/// <summary>What a front may say about where a user's connection should live, in the request context of an attach.</summary>
public static class PlacementHints
{
    /// <summary>The silo that the connection is leaving, in Orleans' own form: not there again.</summary>
    public const string Avoid = "connections.avoid";
}
