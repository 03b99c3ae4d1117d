namespace Connections.Faults.Tests.Stage;

/// <summary>How a stage is set up.</summary>
public sealed record StageSettings
{
    /// <summary>Silos.</summary>
    public int Silos { get; init; } = 2;

    /// <summary>Fronts.</summary>
    public int Fronts { get; init; } = 2;

    /// <summary>Users in the background.</summary>
    public int Users { get; init; } = 40;

    /// <summary>Tabs of each, on different fronts.</summary>
    public int TabsPerUser { get; init; } = 2;

    /// <summary>How often each user gets a message.</summary>
    public TimeSpan Pace { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How often each tab sends a message.</summary>
    public TimeSpan Sends { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often each tab asks its front whether it is there; it goes when twice that has passed without an answer.</summary>
    public TimeSpan Pings { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Over what time the tabs come; all in one moment by default.</summary>
    public TimeSpan ComeWithin { get; init; }

    /// <summary>Of how many users the history is written; of all by default.</summary>
    public int Witnessed { get; init; } = int.MaxValue;

    /// <summary>
    /// Whether tabs, silos and fronts reach each other, Redis and the backend by lines that can be spoilt. Each takes two more sockets, and goes through
    /// the process that plays the crowd: what a large crowd keeps busy there holds up whatever goes by a line.
    /// </summary>
    public bool HasLines { get; init; } = true;

    /// <summary>Where the folder of Redis is; by default that for temporary files.</summary>
    public string? RedisFolder { get; init; }

    /// <summary>
    /// Settings of silos beside the defaults: waits that nobody is promised are shortened, so that a run does not last for hours. What decides how soon a
    /// lost silo is found stays as it is by default.
    /// </summary>
    public IReadOnlyList<string> SiloSettings { get; init; } =
    [
        "Upstream:Breaker:BreakDuration=00:00:02", "Upstream:Breaker:MaxBreakDuration=00:00:04", "Upstream:Backoff:MaxDelay=00:00:02",
        "Upstream:ConnectTimeout=00:00:03", "Upstream:KeepAliveInterval=00:00:03", "Upstream:KeepAliveTimeout=00:00:02", "Upstream:StableAfter=00:00:01",
        "Rebalance:Enabled=false",
    ];

    /// <summary>Settings of fronts beside the defaults.</summary>
    public IReadOnlyList<string> FrontSettings { get; init; } = [];
}
