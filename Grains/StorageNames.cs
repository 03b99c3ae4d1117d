namespace Connections.Grains;

/// <summary>The grain storages that a silo must have.</summary>
public static class StorageNames
{
    /// <summary>Users' connections and routes' breakers. Not the name of the stream provider: Orleans would keep its own state of the streams here, in a form that cannot be read again.</summary>
    public const string Connections = "connections-state";

    /// <summary>Orleans' own: who listens to which stream.</summary>
    public const string PubSub = "PubSubStore";
}
