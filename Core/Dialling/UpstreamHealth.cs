namespace Connections.Core;

/// <summary>
/// The health of the backend as a whole, as one silo sees it. Every grain asks it before it asks its own user's breaker; while it is
/// open, users wait without dialling and without counting failures of their own.
/// </summary>
/// <remarks>
/// <para>The upper of two levels. A shared breaker alone lets one bad user lock out all; breakers per user alone let 100,000 users find
/// out one by one, and store it one by one, that the backend is gone. So only what concerns the whole backend counts here
/// (see <see cref="DialFailures"/>), as a ratio of many dials, and a refusal of one user is a sign of life.</para>
/// <para>It is a <see cref="CircuitBreaker"/> with other numbers, <see cref="DefaultOptions"/>. It is not stored: a new silo finds out
/// within its dial budget.</para>
/// <para>Safe for use by many threads.</para>
/// </remarks>
public sealed class UpstreamHealth
{
    /// <summary>A healthy upstream.</summary>
    /// <param name="options">When it opens and closes, usually <see cref="DefaultOptions"/> with what was configured.</param>
    /// <param name="time">The clock.</param>
    /// <param name="random">A number from 0 to 1 for the jitter; <see cref="Random.Shared"/> if null.</param>
    public UpstreamHealth(BreakerOptions options, TimeProvider time, Func<double>? random = null) =>
        Breaker = new(options, time, random);

    /// <summary>For those who watch its transitions, wake waiting users or hold it by hand. Outcomes come in by
    /// <see cref="Report"/> only.</summary>
    public CircuitBreaker Breaker { get; }

    /// <summary>20 dials in a row failed, or half of 20 or more within 10 s: breaks of 5 s, with one probe after each.</summary>
    /// <remarks>The run counts beside the ratio, because a window full of successes, as right after everybody came back, must not hide that
    /// nothing succeeds any more. The breaks do not grow: a probe per silo and 5 s is nothing to a backend, and everybody waits for the one that finds it well.
    /// A <c>Retry-After</c> counts up to 60 s only: one answer must not silence a silo for longer than its own breaks.</remarks>
    /// <returns>A new instance, to be changed at will.</returns>
    public static BreakerOptions DefaultOptions() => new()
    {
        FailureThreshold = 20,
        FailureRatio = 0.5,
        MinimumThroughput = 20,
        Window = TimeSpan.FromSeconds(10),
        BreakDuration = TimeSpan.FromSeconds(5),
        MaxBreakDuration = TimeSpan.FromSeconds(5),
        MaxRetryAfter = TimeSpan.FromSeconds(60),
    };

    /// <summary>Asks to dial.</summary>
    /// <returns>A permit, whose <see cref="BreakerPermit.Id"/> names the lease of a probe. If allowed, report its outcome once with
    /// <see cref="Report"/>; if refused, it says how long to wait.</returns>
    public BreakerPermit TryAcquire() => Breaker.TryAcquire();

    /// <summary>Reports what came of the dial.</summary>
    /// <param name="permit">What <see cref="TryAcquire"/> answered.</param>
    /// <param name="outcome">What came of it.</param>
    /// <param name="duration">How long it took.</param>
    public void Report(BreakerPermit permit, DialOutcome outcome, TimeSpan duration = default)
    {
        if (outcome.Result == DialResult.GivenUp)
            Breaker.Cancel(permit);
        else if (DialFailures.ScopeOf(outcome) == FailureScope.Upstream)
            Breaker.OnFailure(permit, outcome.Detail ?? Describe(outcome), outcome.RetryAfter, duration);
        else
            Breaker.OnSuccess(permit, duration);
    }

    private static string Describe(DialOutcome outcome) =>
        outcome.Result == DialResult.Refused ? $"{outcome.Result} {outcome.Status}" : $"{outcome.Result}";
}
