using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Connections.Testing.Processes;

/// <summary>
/// Ports of 127.0.0.1 for what a test starts, none handed out twice. They are below those that the kernel gives to connections that go out, so that
/// nobody has a port between its being handed out and its being listened at, nor while what listens at it is away for a while. Several runs of tests share
/// a machine: each claims ports by the block, with a file that is locked for as long as its process lives.
/// </summary>
public static class FreePorts
{
    private const int First = 20_000;
    private const int Blocks = 120;
    private const int BlockSize = 100;

    private static readonly Lock Gate = new();
    private static readonly List<FileStream> Claims = [];
    private static int _next;
    private static int _end;
    private static int _block;

    /// <summary>A port that nobody has now, nor will have but by this.</summary>
    public static int Next()
    {
        lock (Gate)
        {
            while (true)
            {
                if (_next == _end)
                    ClaimBlock();
                var port = _next++;
                if (IsFree(port))
                    return port;
            }
        }
    }

    private static void ClaimBlock()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "connections-ports")).FullName;
        while (_block < Blocks)
        {
            var block = _block++;
            try
            {
                var file = Path.Combine(folder, block.ToString(CultureInfo.InvariantCulture));
                Claims.Add(new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
                (_next, _end) = (First + (block * BlockSize), First + ((block + 1) * BlockSize));
                return;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It is another run's.
            }
        }

        throw new InvalidOperationException($"All ports from {First} to {First + (Blocks * BlockSize) - 1} are claimed by runs of tests: {folder} has their locks.");
    }

    // A program that is none of the tests' may listen there.
    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Any, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
