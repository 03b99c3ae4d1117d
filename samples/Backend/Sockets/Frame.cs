using System.Net.WebSockets;

namespace Connections.Backend.Sockets;

/// <summary>One WebSocket frame to send; the last of a message has <paramref name="EndOfMessage"/>.</summary>
internal readonly record struct Frame(ReadOnlyMemory<byte> Payload, WebSocketMessageType Type, bool EndOfMessage = true);
