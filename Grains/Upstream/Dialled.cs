using Connections.Core;

namespace Connections.Grains.Upstream;

/// <summary>A dial that has ended: with a socket, or with the reason why not.</summary>
/// <param name="Socket">The open socket, or null.</param>
/// <param name="Outcome">What came of it, for both breakers.</param>
/// <param name="Duration">How long it took.</param>
internal sealed record Dialled(UpstreamSocket? Socket, DialOutcome Outcome, TimeSpan Duration);
