namespace Connections.Grains.Abstractions.Streams;

/// <summary>What an event tells.</summary>
public enum ConnectionEventKind
{
    /// <summary>An upstream socket was opened.</summary>
    UpstreamOpened = 0,

    /// <summary>An upstream socket closed.</summary>
    UpstreamClosed = 1,

    /// <summary>A user's breaker changed its state.</summary>
    BreakerChanged = 2,

    /// <summary>A front attached with its first tab.</summary>
    FrontAttached = 3,

    /// <summary>A front left.</summary>
    FrontDetached = 4,

    /// <summary>The number of a user's tabs on a front changed.</summary>
    TabsChanged = 5,

    /// <summary>An activation found that another owns the user now, and stepped down.</summary>
    OwnerLost = 6,

    /// <summary>A route's breaker changed its state; the event names the route in place of a user.</summary>
    ApiBreakerChanged = 7,

    /// <summary>Somebody used the admin API; the event names who and what.</summary>
    AdminAction = 8,
}
