namespace Connections.Grains.Abstractions.Streams;

/// <summary>The Orleans streams of the cluster, by name. They carry what is not the hot path.</summary>
public static class StreamNames
{
    /// <summary>The stream provider that has both.</summary>
    public const string Provider = "connections";

    /// <summary>Namespace of the inboxes: an <see cref="InboxMessage"/> published under a user's id reaches that user's tabs.</summary>
    public const string Inbox = "connections.inbox";

    /// <summary>Namespace of the events: <see cref="ConnectionEvent"/>s, all under <see cref="EventsKey"/>.</summary>
    public const string Events = "connections.events";

    /// <summary>The one key of the events.</summary>
    public const string EventsKey = "all";
}
