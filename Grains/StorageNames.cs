namespace Connections.Grains;

/// <summary>The grain storages that a silo must have.</summary>
public static class StorageNames
{
    /// <summary>Users' connections: generation, end of the log, breaker.</summary>
    public const string Connections = "connections";

    /// <summary>Orleans' own: who listens to which stream.</summary>
    public const string PubSub = "PubSubStore";
}
