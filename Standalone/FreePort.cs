using System.Net;
using System.Net.Sockets;

namespace Connections.Standalone;

/// <summary>Ports for what only this process uses, so that two of it run side by side.</summary>
internal static class FreePort
{
    /// <summary>A port of 127.0.0.1 that nobody has now.</summary>
    public static int Next()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
