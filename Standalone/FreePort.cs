using System.Net;
using System.Net.Sockets;

namespace Connections.Standalone;

/// <summary>Ports for what only this process uses, so that two of it run side by side.</summary>
internal static class FreePort
{
    // Below the ports that systems give to outgoing connections, Linux from 32768 on: one of those may be gone again before it is bound.
    private const int First = 20_000;
    private const int End = 32_768;

    private static readonly HashSet<int> Given = [];

    /// <summary>A port of 127.0.0.1 that nobody has now, another one at each call.</summary>
    public static int Next()
    {
        for (var attempts = 0; attempts < 100; attempts++)
        {
            var port = Random.Shared.Next(First, End);
            if (IsFree(port) && Given.Add(port))
                return port;
        }

        throw new InvalidOperationException($"No free port was found on 127.0.0.1 between {First} and {End - 1}.");
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
