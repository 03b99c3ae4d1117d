namespace Connections.Backend.Dials;

/// <summary>The dials of one second.</summary>
/// <param name="Second">Unix seconds.</param>
/// <param name="Accepted">Those that became a WebSocket.</param>
/// <param name="Refused">Those that did not.</param>
internal sealed record SecondOfDials(long Second, long Accepted, long Refused);
