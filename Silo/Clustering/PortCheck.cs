using System.Net;
using System.Net.Sockets;
using Connections.Hosting;

namespace Connections.Silo.Clustering;

/// <summary>
/// A port of the silo is free. Orleans opens its ports for reuse: on Linux a second silo on a taken port starts, and declares the first one dead
/// because it takes it for an earlier life of itself.
/// </summary>
internal sealed class PortCheck(string setting, int port) : IStartCheck
{
    /// <inheritdoc/>
    public Task CheckAsync()
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Any, port);
            listener.Start();
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            throw new StartException(
                $"{SiloOptions.Section}:{setting} {port} cannot be opened ({e.Message}): stop what has it, or give another port.", e);
        }

        return Task.CompletedTask;
    }
}
