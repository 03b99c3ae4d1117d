using Connections.Backend.Users;

namespace Connections.Backend.Sockets;

/// <summary>Something that waits in a connection's send queue.</summary>
internal abstract class Outgoing
{
    /// <summary>
    /// The frames to send. Enumerated by the connection's one writer while it sends, so that numbers are taken at the last moment:
    /// what was dropped leaves no hole, and a hole that a reader sees is a message that a socket lost.
    /// </summary>
    internal abstract IEnumerable<Frame> Frames(User user);
}
