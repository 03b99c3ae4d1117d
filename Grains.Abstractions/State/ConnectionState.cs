namespace Connections.Grains.Abstractions.State;

/// <summary>How a user's connection stands, as tabs are told.</summary>
[GenerateSerializer, Immutable, Alias("connections.state")]
public sealed record ConnectionState
{
    /// <summary>How the upstream stands.</summary>
    [Id(0)]
    public required UpstreamStatus Upstream { get; init; }

    /// <summary>When it became so, Unix time in milliseconds.</summary>
    [Id(1)]
    public required long Since { get; init; }

    /// <summary>Why it waits.</summary>
    [Id(2)]
    public string? Reason { get; init; }

    /// <summary>When the next dial is due, Unix time in milliseconds, while <see cref="UpstreamStatus.Waiting"/>.</summary>
    [Id(3)]
    public long? RetryAt { get; init; }

    /// <summary>The user's breaker.</summary>
    [Id(4)]
    public required BreakerStateView Breaker { get; init; }

    /// <summary>The log's epoch.</summary>
    [Id(5)]
    public required ulong Epoch { get; init; }

    /// <summary>The log's newest offset.</summary>
    [Id(6)]
    public required long Top { get; init; }

    /// <summary>How many owners this connection has had, this one included; 0 before the first.</summary>
    [Id(7)]
    public required long Generation { get; init; }

    /// <summary>How many fronts are attached.</summary>
    [Id(8)]
    public required int Fronts { get; init; }

    /// <summary>How many tabs they hold.</summary>
    [Id(9)]
    public required int Tabs { get; init; }

    /// <summary>Whether the backend refused the tabs' newest token: it waits for a fresh one.</summary>
    [Id(10)]
    public bool TokenRefused { get; init; }
}
