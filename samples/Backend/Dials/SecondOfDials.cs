namespace Connections.Backend.Dials;

/// <summary>The dials of one second.</summary>
/// <param name="Second">Unix seconds.</param>
/// <param name="Accepted">Those that became a WebSocket.</param>
/// <param name="Refused">Those that did not.</param>
/// <param name="Tenths">All of them, by the ten windows of 100 ms that the second has: a wall of dials may fit into a second that looks calm.</param>
internal sealed record SecondOfDials(long Second, long Accepted, long Refused, IReadOnlyList<long> Tenths);
