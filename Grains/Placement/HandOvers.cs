namespace Connections.Grains.Placement;

/// <summary>How a silo asks a connection to move.</summary>
internal static class HandOvers
{
    /// <summary>
    /// Asks it to leave this silo. Who leaves is among this silo's until it has left, and may be asked again; that then follows it to where it is, and must not send it on from there.
    /// </summary>
    /// <param name="user">The connection.</param>
    /// <param name="silo">This silo, in Orleans' own form.</param>
    public static Task HandOverFrom(this IHandOver user, string silo)
    {
        RequestContext.Set(PlacementHints.Avoid, silo);
        try
        {
            return user.HandOver();
        }
        finally
        {
            RequestContext.Remove(PlacementHints.Avoid);
        }
    }

    /// <summary>Whether the call that is being served asks to leave another silo than this one.</summary>
    /// <param name="silo">This silo, in Orleans' own form.</param>
    public static bool IsFromElsewhere(string silo) => RequestContext.Get(PlacementHints.Avoid) is string other && other != silo;
}
