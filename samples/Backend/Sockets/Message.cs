using System.Net.WebSockets;

namespace Connections.Backend.Sockets;

/// <summary>A whole message from a client.</summary>
internal sealed record Message(byte[] Payload, WebSocketMessageType Type);
