using System.Net;
using System.Net.Sockets;

namespace Connections.Load.Subjects;

/// <summary>Ports for the processes of a measurement.</summary>
internal static class FreePort
{
    private static readonly HashSet<int> Taken = [];

    /// <summary>A port of 127.0.0.1 that nobody has now.</summary>
    public static int Next()
    {
        while (true)
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            var port = ((IPEndPoint)listener.LocalEndpoint).Port;
            if (Taken.Add(port))
                return port;
        }
    }
}
