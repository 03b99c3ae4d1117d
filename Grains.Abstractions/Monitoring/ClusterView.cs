namespace Connections.Grains.Abstractions.Monitoring;

/// <summary>The newest report of every process that is heard of.</summary>
/// <param name="Nodes">The reports; none is older than a few seconds.</param>
[GenerateSerializer, Immutable, Alias("connections.cluster-view")]
public sealed record ClusterView([property: Id(0)] NodeReport[] Nodes);
