using System.Net;
using System.Net.Sockets;

namespace Connections.Grains.Upstream;

/// <summary>
/// The opening of one TCP connection. A socket that is asked by its task-returning method keeps what it waited with, and the dial's cancellation, for as
/// long as it lives: half a kilobyte of an idle user.
/// </summary>
internal sealed class SocketConnect() : SocketAsyncEventArgs(WithoutContext)
{
    // Nothing of the dial's execution context is kept with the socket.
    private const bool WithoutContext = true;

    private readonly TaskCompletionSource _completed = new();

    /// <summary>Resolves a host's name, unless it is an address, and connects to the first of its addresses that answers.</summary>
    /// <exception cref="SocketException">None did, or the name does not resolve.</exception>
    public static async Task<Socket> ToAsync(string host, int port, CancellationToken ct)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            using var connect = new SocketConnect { RemoteEndPoint = IPAddress.TryParse(host, out var ip) ? new IPEndPoint(ip, port) : new DnsEndPoint(host, port) };
            if (socket.ConnectAsync(connect))
            {
                using var cancel = ct.UnsafeRegister(static waiting => Socket.CancelConnectAsync((SocketConnect)waiting!), connect);
                await connect._completed.Task.ConfigureAwait(false);
            }

            // First of all: a cancellation that came while it was succeeding may have closed the socket.
            ct.ThrowIfCancellationRequested();
            if (connect.SocketError is SocketError.Success)
                return socket;
            throw new SocketException((int)connect.SocketError);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    protected override void OnCompleted(SocketAsyncEventArgs e) => _completed.TrySetResult();
}
