namespace Connections.Load.Subjects;

/// <summary>What is between the backend and the tabs.</summary>
internal enum Way
{
    /// <summary>Connections; tabs are plain WebSockets.</summary>
    Raw,

    /// <summary>Connections; tabs speak <c>connections.v1</c>.</summary>
    Envelopes,

    /// <summary>Connections; tabs speak SignalR in JSON.</summary>
    SignalR,

    /// <summary>Nothing: a socket per tab to the backend.</summary>
    Direct,

    /// <summary>nginx as a WebSocket proxy: a socket per tab to the backend.</summary>
    Nginx,

    /// <summary>HAProxy as a WebSocket proxy: a socket per tab to the backend.</summary>
    Haproxy,

    /// <summary>YARP as a WebSocket proxy: a socket per tab to the backend.</summary>
    Yarp,

    /// <summary>SignalR in JSON with the Redis backplane, and a process that has a connector per user and publishes through it.</summary>
    SignalRRedis,

    /// <summary>SignalR in JSON that opens a socket to the backend for each tab.</summary>
    SignalRPerTab,

    /// <summary>nginx with Nchan: tabs subscribe to their user's channel, and a process that has a connector per user publishes to it.</summary>
    Nchan,

    /// <summary>Pushpin: tabs are held for an origin that subscribes them to their user's channel, and a connector per user publishes to it.</summary>
    Pushpin,
}
