namespace Connections.Backend.Users;

/// <summary>A message as it arrived, in <c>GET /received/{userId}</c>.</summary>
/// <param name="Text">The text; null for a binary message.</param>
/// <param name="Bytes">Its length on the wire.</param>
/// <param name="Connection">1 for the user's first connection to this process, 2 for the second, and so on.</param>
/// <param name="At">When it arrived, in Unix milliseconds.</param>
internal sealed record ReceivedMessage(string? Text, int Bytes, long Connection, long At);
