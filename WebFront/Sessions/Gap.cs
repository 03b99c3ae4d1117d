using Connections.Core;

namespace Connections.WebFront.Sessions;

/// <summary>Frames that a tab will never get, and where it goes on.</summary>
/// <param name="Reason">Why.</param>
/// <param name="FirstAvailable">The oldest offset that could be read.</param>
/// <param name="Top">The newest offset.</param>
/// <param name="Next">The offset of the next frame this tab gets.</param>
internal sealed record Gap(Refusal Reason, long FirstAvailable, long Top, long Next);
