namespace Connections.HotPath;

/// <summary>A way from a silo to a front.</summary>
internal enum Way
{
    /// <summary>None: messages are made and dropped. What is left is the cost of making them, and of two idle Orleans processes.</summary>
    Nowhere,

    /// <summary>Ours: the feeds and the link of the Grains project, one acknowledged batch in flight.</summary>
    Link,

    /// <summary>A call of an observer for each message, acknowledged, one in flight per user.</summary>
    CallPerMessage,

    /// <summary>A memory stream per user, polled every millisecond.</summary>
    FastStream,

    /// <summary>A memory stream per user, as Orleans sets it up: polled every 100 ms.</summary>
    Stream,
}
