namespace Connections.Door.Tests;

/// <summary>What measures: no other test runs beside it.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
