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

    /// <summary>YARP as a WebSocket proxy: a socket per tab to the backend.</summary>
    Yarp,

    /// <summary>SignalR in JSON with the Redis backplane, and a process that has a connector per user and publishes through it.</summary>
    SignalRRedis,
}
