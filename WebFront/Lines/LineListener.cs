using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Connections.WebFront.Lines;

/// <summary>Takes connections of one address.</summary>
internal sealed class LineListener(Socket socket, MemoryPool<byte> pool, ConnectionRoom room, TimeProvider time) : IConnectionListener
{
    // TCP_NOTSENT_LOWAT of Linux.
    private const int Tcp = 6;
    private const int TcpNotSentLowAt = 25;
    private const int MostNotSent = 256 << 10;

    private static readonly TimeSpan FilesPause = TimeSpan.FromMilliseconds(100);

    /// <inheritdoc/>
    public EndPoint EndPoint { get; } = socket.LocalEndPoint!;

    /// <inheritdoc/>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            try
            {
                var accepted = await socket.AcceptAsync(cancellationToken);
                if (!room.TryEnter())
                {
                    // By RST: a balancer that gets no answer tries another front, and nothing of it stays here.
                    accepted.Close(0);
                    continue;
                }

                return Take(accepted);
            }
            catch (Exception e) when (e is ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted })
            {
                // The listener was closed.
                return null;
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.TooManyOpenSockets)
            {
                // It would fail as fast as it is tried.
                await Task.Delay(FilesPause, time, CancellationToken.None);
            }
            catch (SocketException)
            {
                // Who dialled has gone already.
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        socket.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        socket.Dispose();
        pool.Dispose();
        return ValueTask.CompletedTask;
    }

    private LineConnection Take(Socket accepted)
    {
        try
        {
            accepted.NoDelay = true;

            // The kernel takes megabytes for who does not read, and a slow tab would be found out after a minute: what it has not yet been able to send
            // is bounded. What is under way to a tab far off does not count.
            if (OperatingSystem.IsLinux())
                accepted.SetRawSocketOption(Tcp, TcpNotSentLowAt, BitConverter.GetBytes(MostNotSent));
            return new LineConnection(accepted, pool, room);
        }
        catch
        {
            accepted.Dispose();
            room.Leave();
            throw;
        }
    }
}
