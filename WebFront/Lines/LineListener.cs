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
    // What has been accepted and waits is bounded by the files that the process may open.
    private readonly Channel<Socket> _accepted = Channel.CreateUnbounded<Socket>(new() { SingleReader = true, SingleWriter = true });
    private readonly Socket _socket;
    private readonly MemoryPool<byte> _pool;

    /// <summary>Begins.</summary>
    /// <param name="socket">Listens already, and is closed with this.</param>
    /// <param name="pool">Where connections have their buffers from; disposed with this.</param>
    public LineListener(Socket socket, MemoryPool<byte> pool)
    {
        (_socket, _pool) = (socket, pool);
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
                return new LineConnection(socket, _pool);
            }
            catch (SocketException)
            {
                // Who dialled has gone already.
                socket.Dispose();
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        while (_accepted.Reader.TryRead(out var socket))
            socket.Dispose();
        _pool.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Accept()
    {
        while (true)
        {
            try
            {
                var accepted = _socket.Accept();
                accepted.NoDelay = true;
                _accepted.Writer.TryWrite(accepted);
            }
            catch (Exception e) when (e is ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted or SocketError.Interrupted })
            {
                _accepted.Writer.Complete();
                return;
            }
            catch (SocketException)
            {
                // Who dialled has gone already.
            }
        }
    }
}
