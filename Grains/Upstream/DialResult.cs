namespace Connections.Grains.Upstream;

/// <summary>How a dial ended: with a socket, or with the reason why not.</summary>
/// <param name="Socket">The open socket, or null.</param>
/// <param name="Error">Why not, for people: <c>503</c>, <c>connection refused</c>.</param>
/// <param name="RetryAfter">What the backend asked for.</param>
/// <param name="Duration">How long it took.</param>
internal sealed record DialResult(UpstreamSocket? Socket, string? Error, TimeSpan? RetryAfter, TimeSpan Duration);
