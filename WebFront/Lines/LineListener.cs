using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace Connections.WebFront.Lines;

/// <summary>
/// Takes connections of one address, on a thread of its own. In a storm the pool has thousands of handshakes to do, and a loop that waits in its queue for
/// its turn lets the kernel's backlog overflow: whoever is dropped there tries again after 1, 3, 7 and 15 s.
/// </summary>
internal sealed class LineListener : IConnectionListener
{
    // TCP_NOTSENT_LOWAT of Linux.
    private const int Tcp = 6;
    private const int TcpNotSentLowAt = 25;
    private const int MostNotSent = 256 << 10;

    private static readonly TimeSpan FilesPause = TimeSpan.FromMilliseconds(100);

    // What has been accepted and waits has its place in the room, which is the bound.
    private readonly Channel<Socket> _accepted = Channel.CreateUnbounded<Socket>(new() { SingleReader = true, SingleWriter = true });
    private readonly ManualResetEventSlim _unbound = new();
    private readonly Socket _socket;
    private readonly MemoryPool<byte> _pool;
    private readonly ConnectionRoom _room;

    /// <summary>Begins.</summary>
    /// <param name="socket">Listens already, and is closed with this.</param>
    /// <param name="pool">Where connections have their buffers from; disposed with this.</param>
    /// <param name="room">How many there may be.</param>
    public LineListener(Socket socket, MemoryPool<byte> pool, ConnectionRoom room)
    {
        (_socket, _pool, _room) = (socket, pool, room);
        EndPoint = socket.LocalEndPoint!;
        new Thread(Accept) { IsBackground = true, Name = "accept" }.Start();
    }

    /// <inheritdoc/>
    public EndPoint EndPoint { get; }

    /// <inheritdoc/>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (await _accepted.Reader.WaitToReadAsync(cancellationToken))
        {
            if (!_accepted.Reader.TryRead(out var socket))
                continue;
            try
            {
                return new LineConnection(socket, _pool, _room);
            }
            catch (SocketException)
            {
                // Who dialled has gone already.
                Drop(socket);
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _unbound.Set();
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _unbound.Set();
        _socket.Dispose();
        while (_accepted.Reader.TryRead(out var socket))
            Drop(socket);
        _pool.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Accept()
    {
        while (true)
        {
            try
            {
                Take(_socket.Accept());
            }
            catch (Exception e) when (e is ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted or SocketError.Interrupted })
            {
                _accepted.Writer.Complete();
                return;
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.TooManyOpenSockets)
            {
                // It would fail as fast as it is tried.
                _unbound.Wait(FilesPause);
            }
            catch (SocketException)
            {
                // Who dialled has gone already.
            }
        }
    }

    private void Take(Socket accepted)
    {
        if (!_room.TryEnter())
        {
            // By RST: a balancer that gets no answer tries another front, and nothing of it stays here.
            accepted.Close(0);
            return;
        }

        try
        {
            accepted.NoDelay = true;

            // The kernel takes megabytes for who does not read, and a slow tab would be found out after a minute: what it has not yet been able to send
            // is bounded. What is under way to a tab far off does not count.
            if (OperatingSystem.IsLinux())
                accepted.SetRawSocketOption(Tcp, TcpNotSentLowAt, BitConverter.GetBytes(MostNotSent));
        }
        catch
        {
            Drop(accepted);
            throw;
        }

        _accepted.Writer.TryWrite(accepted);
    }

    private void Drop(Socket socket)
    {
        socket.Dispose();
        _room.Leave();
    }
}
