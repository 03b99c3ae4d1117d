using System.Net;
using System.Net.Sockets;

namespace Connections.Testing.Processes;

/// <summary>Ports of 127.0.0.1 for the processes of a test, none handed out twice.</summary>
public static class FreePorts
{
    private static readonly HashSet<int> Taken = [];

    /// <summary>A port that nobody has now.</summary>
    public static int Next()
    {
        lock (Taken)
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
}
