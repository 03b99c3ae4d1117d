using System.ComponentModel.DataAnnotations;

namespace Connections.Core;

/// <summary>When a <see cref="CircuitBreaker"/> opens, for how long, and how it closes again.</summary>
/// <remarks>
/// <para>A closed breaker opens by either of two rules: so many failures in a row, or a ratio of failures over a sliding window.
/// A user's own traffic is too thin for a ratio, so the defaults count failures in a row; the ratio suits what many users
/// share. With both rules off the breaker moves only for an operator.</para>
/// <para>A break lasts <c>min(MaxBreakDuration, BreakDuration x BreakGrowth^(trips - 1))</c>, times a random factor between 1 and
/// <c>1 + Jitter</c>. Then <see cref="HalfOpenPermits"/> probes pass: the first success closes the breaker, the first failure
/// opens it again. Trips add up until the breaker has been closed for <see cref="HealthyAfter"/>.</para>
/// <para>The host checks the ranges at start, with the data annotations; the breaker does not check them again. It reads the
/// options at each decision and never writes them, so that many breakers may share one instance.</para>
/// </remarks>
public sealed record BreakerOptions : IValidatableObject
{
    /// <summary>Failures in a row that open the breaker. Default 3; 0 switches this rule off.</summary>
    [Range(0, 1_000_000)]
    public int FailureThreshold { get; set; } = 3;

    /// <summary>The part of the window's calls, 0 to 1, whose failure opens the breaker. Default 0, which switches this rule off.</summary>
    [Range(0d, 1d)]
    public double FailureRatio { get; set; }

    /// <summary>Calls that the window must hold before the ratio counts. Default 20.</summary>
    [Range(1, 1_000_000)]
    public int MinimumThroughput { get; set; } = 20;

    /// <summary>The length of the window for the ratio. Default 30 s. Outcomes leave it in steps of a tenth.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan Window { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>A success that took longer than this counts as a failure. Default zero, which switches this rule off.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan SlowCallDuration { get; set; }

    /// <summary>The length of the first break. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan BreakDuration { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>What a growing break stops at, before jitter. Default 5 min; not less than <see cref="BreakDuration"/>.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan MaxBreakDuration { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How many times as long as the last one each further break is. Default 2; 1 keeps them equal.</summary>
    [Range(1d, 100d)]
    public double BreakGrowth { get; set; } = 2;

    /// <summary>How much longer, at random, a break may be: 0.1 is up to a tenth. Default 0.1. It only ever lengthens a break.</summary>
    [Range(0d, 1d)]
    public double Jitter { get; set; } = 0.1;

    /// <summary>How long the breaker must stay closed until earlier trips are forgotten. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan HealthyAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Probes that may be under way at once while half-open. Default 1.</summary>
    [Range(1, 1_000)]
    public int HalfOpenPermits { get; set; } = 1;

    /// <summary>A probe without an answer for this long has failed. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan HalfOpenTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest <c>Retry-After</c> that a break is lengthened to. Default 10 min; zero ignores them.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan MaxRetryAfter { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>The rule that takes two properties: <see cref="MaxBreakDuration"/> is not less than <see cref="BreakDuration"/>.</summary>
    /// <param name="validationContext">Not used.</param>
    /// <returns>One result if the rule is broken, else none.</returns>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (MaxBreakDuration < BreakDuration)
            yield return new($"{nameof(MaxBreakDuration)} is less than {nameof(BreakDuration)}.", [nameof(MaxBreakDuration)]);
    }
}
