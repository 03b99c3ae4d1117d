using Connections.Core;

namespace Connections.Grains.Abstractions.Serialization;

/// <summary>How breaker rules cross the wire: Core knows nothing of Orleans.</summary>
[GenerateSerializer, Immutable, Alias("connections.breaker-rules")]
public struct BreakerOptionsSurrogate
{
    /// <summary>As <see cref="BreakerOptions.FailureThreshold"/>.</summary>
    [Id(0)]
    public int FailureThreshold { get; set; }

    /// <summary>As <see cref="BreakerOptions.FailureRatio"/>.</summary>
    [Id(1)]
    public double FailureRatio { get; set; }

    /// <summary>As <see cref="BreakerOptions.MinimumThroughput"/>.</summary>
    [Id(2)]
    public int MinimumThroughput { get; set; }

    /// <summary>As <see cref="BreakerOptions.Window"/>.</summary>
    [Id(3)]
    public TimeSpan Window { get; set; }

    /// <summary>As <see cref="BreakerOptions.SlowCallDuration"/>.</summary>
    [Id(4)]
    public TimeSpan SlowCallDuration { get; set; }

    /// <summary>As <see cref="BreakerOptions.BreakDuration"/>.</summary>
    [Id(5)]
    public TimeSpan BreakDuration { get; set; }

    /// <summary>As <see cref="BreakerOptions.MaxBreakDuration"/>.</summary>
    [Id(6)]
    public TimeSpan MaxBreakDuration { get; set; }

    /// <summary>As <see cref="BreakerOptions.BreakGrowth"/>.</summary>
    [Id(7)]
    public double BreakGrowth { get; set; }

    /// <summary>As <see cref="BreakerOptions.Jitter"/>.</summary>
    [Id(8)]
    public double Jitter { get; set; }

    /// <summary>As <see cref="BreakerOptions.HealthyAfter"/>.</summary>
    [Id(9)]
    public TimeSpan HealthyAfter { get; set; }

    /// <summary>As <see cref="BreakerOptions.HalfOpenPermits"/>.</summary>
    [Id(10)]
    public int HalfOpenPermits { get; set; }

    /// <summary>As <see cref="BreakerOptions.HalfOpenTimeout"/>.</summary>
    [Id(11)]
    public TimeSpan HalfOpenTimeout { get; set; }

    /// <summary>As <see cref="BreakerOptions.MaxRetryAfter"/>.</summary>
    [Id(12)]
    public TimeSpan MaxRetryAfter { get; set; }
}

/// <summary>Converts between the two.</summary>
[RegisterConverter]
public sealed class BreakerOptionsConverter : IConverter<BreakerOptions, BreakerOptionsSurrogate>
{
    /// <inheritdoc/>
    public BreakerOptions ConvertFromSurrogate(in BreakerOptionsSurrogate surrogate) => new()
    {
        FailureThreshold = surrogate.FailureThreshold,
        FailureRatio = surrogate.FailureRatio,
        MinimumThroughput = surrogate.MinimumThroughput,
        Window = surrogate.Window,
        SlowCallDuration = surrogate.SlowCallDuration,
        BreakDuration = surrogate.BreakDuration,
        MaxBreakDuration = surrogate.MaxBreakDuration,
        BreakGrowth = surrogate.BreakGrowth,
        Jitter = surrogate.Jitter,
        HealthyAfter = surrogate.HealthyAfter,
        HalfOpenPermits = surrogate.HalfOpenPermits,
        HalfOpenTimeout = surrogate.HalfOpenTimeout,
        MaxRetryAfter = surrogate.MaxRetryAfter,
    };

    /// <inheritdoc/>
    public BreakerOptionsSurrogate ConvertToSurrogate(in BreakerOptions value) => new()
    {
        FailureThreshold = value.FailureThreshold,
        FailureRatio = value.FailureRatio,
        MinimumThroughput = value.MinimumThroughput,
        Window = value.Window,
        SlowCallDuration = value.SlowCallDuration,
        BreakDuration = value.BreakDuration,
        MaxBreakDuration = value.MaxBreakDuration,
        BreakGrowth = value.BreakGrowth,
        Jitter = value.Jitter,
        HealthyAfter = value.HealthyAfter,
        HalfOpenPermits = value.HalfOpenPermits,
        HalfOpenTimeout = value.HalfOpenTimeout,
        MaxRetryAfter = value.MaxRetryAfter,
    };
}
