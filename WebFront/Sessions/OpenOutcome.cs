using Connections.Core;
using Connections.Grains.Abstractions.State;

namespace Connections.WebFront.Sessions;

/// <summary>What a tab is told when it opens.</summary>
/// <param name="Recovered">Whether every frame after its position follows.</param>
/// <param name="Gap">Why not, when it gave a position.</param>
/// <param name="Position">Where it stands: the next frame is the one after it.</param>
/// <param name="State">How the connection stands.</param>
internal sealed record OpenOutcome(bool Recovered, Gap? Gap, FramePosition Position, ConnectionState State);
