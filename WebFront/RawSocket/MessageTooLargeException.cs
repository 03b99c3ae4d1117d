namespace Connections.WebFront.RawSocket;

/// <summary>A tab sent a message over the limit.</summary>
internal sealed class MessageTooLargeException(int limit) : Exception($"A message may have {limit} bytes at most.");
