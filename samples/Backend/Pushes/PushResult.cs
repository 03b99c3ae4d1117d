namespace Connections.Backend.Pushes;

/// <summary>The answer of a push.</summary>
/// <param name="Connections">How many connections it was meant for.</param>
/// <param name="Queued">How many messages were queued, over all connections.</param>
/// <param name="Dropped">How many found a full queue.</param>
internal sealed record PushResult(int Connections, long Queued, long Dropped);
