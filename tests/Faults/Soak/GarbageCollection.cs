using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Connections.Faults.Tests.Soak;

/// <summary>
/// Has another .NET process on this machine collect its garbage, by its diagnostic port: an event session with the keyword that asks for a collection. So no
/// endpoint of ours is needed for it. The protocol: https://github.com/dotnet/diagnostics/blob/main/documentation/design-docs/ipc-protocol.md
/// </summary>
public static class GarbageCollection
{
    private const string Provider = "Microsoft-Windows-DotNETRuntime";
    private const long CollectNow = 0x800000;
    private const int Informational = 4;
    private const int BufferMb = 1;
    private const int NetTrace = 1;
    private const byte EventPipe = 2;
    private const byte CollectTracing2 = 3;
    private const byte StopTracing = 1;
    private const int HeadBytes = 20;

    private static readonly byte[] Magic = "DOTNET_IPC_V1\0"u8.ToArray();

    /// <summary>Has it collect, and returns when it has.</summary>
    public static async Task CollectAsync(int pid)
    {
        // One that was killed leaves its socket behind, and its number may be given again: the newest is that of the living.
        var path = Directory.EnumerateFiles(Path.GetTempPath(), FormattableString.Invariant($"dotnet-diagnostic-{pid}-*-socket")).MaxBy(File.GetLastWriteTimeUtc)
            ?? throw new InvalidOperationException($"The process {pid} has no diagnostic port.");
        using var session = await AskAsync(path, CollectTracing2, Session());
        var answer = new byte[HeadBytes + 8];
        await session.ReadExactlyAsync(answer);

        // The stop is answered when the session has been written to its end, and with it the collection is over.
        var draining = session.CopyToAsync(Stream.Null);
        using var stop = await AskAsync(path, StopTracing, answer[HeadBytes..]);
        await stop.CopyToAsync(Stream.Null);
        await draining;
    }

    private static async Task<NetworkStream> AskAsync(string path, byte command, byte[] payload)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path));
        var stream = new NetworkStream(socket, ownsSocket: true);
        var message = new byte[HeadBytes + payload.Length];
        Magic.CopyTo(message, 0);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(14), (ushort)message.Length);
        (message[16], message[17]) = (EventPipe, command);
        payload.CopyTo(message, HeadBytes);
        await stream.WriteAsync(message);
        return stream;
    }

    // Buffer size, format, no rundown, and one provider with its keyword and level.
    private static byte[] Session()
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.Unicode);
        writer.Write(BufferMb);
        writer.Write(NetTrace);
        writer.Write(false);
        writer.Write(1);
        writer.Write(CollectNow);
        writer.Write(Informational);
        WriteText(Provider);
        WriteText("");
        writer.Flush();
        return bytes.ToArray();

        void WriteText(string text)
        {
            writer.Write(text.Length + 1);
            foreach (var c in text)
                writer.Write((ushort)c);
            writer.Write((ushort)0);
        }
    }
}
