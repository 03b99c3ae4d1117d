using Connections.Core;
using Connections.Grains.Abstractions.Delivery;

namespace Connections.Grains.Upstream;

/// <summary>A dial that has ended: with a socket, or with the reason why not.</summary>
/// <param name="Socket">The open socket, or null.</param>
/// <param name="Outcome">What came of it, for both breakers.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="Shown">The user's token that the backend was shown; null when there is none.</param>
internal sealed record Dialled(UpstreamSocket? Socket, DialOutcome Outcome, TimeSpan Duration, RelayToken? Shown);
