namespace Connections.Cluster.Tests;

/// <summary>What measures times or loads both cores: no other test runs beside it. The rest waits for breaks, lingers and leases, three classes at a time.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
