namespace Connections.Grains.Abstractions.Monitoring;

/// <summary>What a process of the cluster is.</summary>
public enum NodeKind
{
    /// <summary>It holds users and their upstreams.</summary>
    Silo = 0,

    /// <summary>It holds tabs.</summary>
    Front = 1,
}
