namespace Connections.Core;

/// <summary>What came of one dial.</summary>
/// <param name="Result">How it ended.</param>
/// <param name="Status">The HTTP status if the dial was <see cref="DialResult.Refused"/>; else 0.</param>
/// <param name="RetryAfter">What the answer's <c>Retry-After</c> asked for, if it had one (RFC 9110, 10.2.3).</param>
/// <param name="Detail">What happened, for people to read.</param>
public readonly record struct DialOutcome(
    DialResult Result,
    int Status = 0,
    TimeSpan? RetryAfter = null,
    string? Detail = null);
