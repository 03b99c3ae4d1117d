namespace Connections.Core;

/// <summary>The answer of <see cref="CircuitBreaker.TryAcquire"/>: make the call and report its outcome once, or wait.</summary>
/// <param name="Allowed">Whether the call may be made.</param>
/// <param name="IsProbe">Whether this call decides if a half-open breaker closes.</param>
/// <param name="Id">Tells the permits of one breaker instance apart and orders them; 0 when refused.</param>
/// <param name="RetryAfter">How long to wait when refused; zero when allowed.</param>
public readonly record struct BreakerPermit(bool Allowed, bool IsProbe, long Id, TimeSpan RetryAfter);
