namespace Connections.Backend.Users;

/// <summary>One user in <c>GET /stats</c> and <c>GET /users/{userId}</c>.</summary>
/// <param name="Connections">WebSockets open now.</param>
/// <param name="PeakConnections">The most open at once.</param>
/// <param name="Dials">Requests to <c>/ws/{userId}</c>, accepted or not.</param>
/// <param name="Received">Messages from this user.</param>
/// <param name="Sent">Messages handed to sockets of this user.</param>
/// <param name="LastGeneration">The header <c>X-Connection-Generation</c> of the last dial; null when it had none.</param>
internal sealed record UserStats(long Connections, long PeakConnections, long Dials, long Received, long Sent, long? LastGeneration)
{
    internal static UserStats None { get; } = new(0, 0, 0, 0, 0, null);
}
