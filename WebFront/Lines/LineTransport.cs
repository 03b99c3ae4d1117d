using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Connections.WebFront.Lines;

/// <summary>
/// The web server's transport for TCP: like its own, but a WebSocket can be taken out of it together with its socket. What the server holds of an
/// HTTP connection is then free, and what is written to a tab goes to the kernel without passing the server's pipes.
/// </summary>
[SuppressMessage("Performance", "CA1812", Justification = "Made by the container.")]
internal sealed class LineTransport(IMemoryPoolFactory<byte> pools, ConnectionRoom room) : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    // A listener that lets fewer wait makes the others of a storm try again a second later.
    private const int Backlog = 4_096;

    /// <inheritdoc/>
    public bool CanBind(EndPoint endpoint) => endpoint is IPEndPoint;

    /// <inheritdoc/>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        try
        {
            socket.Listen(Backlog);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressAlreadyInUse)
        {
            socket.Dispose();
            throw new AddressInUseException(e.Message, e);
        }

        return ValueTask.FromResult<IConnectionListener>(new LineListener(socket, pools.Create(), room));
    }
}
