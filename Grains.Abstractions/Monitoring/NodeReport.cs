namespace Connections.Grains.Abstractions.Monitoring;

/// <summary>What one process says of itself, about once a second.</summary>
[GenerateSerializer, Immutable, Alias("connections.node-report")]
public sealed record NodeReport
{
    /// <summary>Its name: a silo's address in Orleans' form, or a front's id.</summary>
    [Id(0)] public required string Id { get; init; }

    /// <summary>What it is.</summary>
    [Id(1)] public required NodeKind Kind { get; init; }

    /// <summary>The machine or container that it runs on.</summary>
    [Id(2)] public required string Host { get; init; }

    /// <summary>When it started, Unix time in milliseconds.</summary>
    [Id(3)] public required long StartedAt { get; init; }

    /// <summary>Whether it was asked to stop.</summary>
    [Id(4)] public bool Draining { get; init; }

    /// <summary>A silo: users that live there. A front: users with tabs there.</summary>
    [Id(5)] public int Users { get; init; }

    /// <summary>Its figures by the names of the metrics, with the values of their tags behind: <c>connections.tabs|signalr</c>.</summary>
    [Id(6)] public IReadOnlyDictionary<string, double> Figures { get; init; } = new Dictionary<string, double>();
}
