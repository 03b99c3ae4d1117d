using Connections.Core;
using Connections.WebFront.Wire;

namespace Connections.WebFront.GraphQL;

/// <summary>An event of the subscription <c>frames</c>: a batch, and the position after it.</summary>
/// <param name="Epoch">The epoch of the frames.</param>
/// <param name="Position">Where the tab stands once it has them.</param>
/// <param name="Recovered">In the first event: whether every frame after the position that was asked for follows.</param>
/// <param name="Gap">What is missing before the first frame.</param>
/// <param name="Frames">The frames.</param>
internal sealed record FrameEvent(string Epoch, string Position, bool? Recovered, WireGap? Gap, IReadOnlyList<Frame> Frames);
