using System.Net;
using System.Net.Sockets;
using Connections.Testing.Processes;

namespace Connections.Testing.Lines;

/// <summary>A TCP port that can refuse connections for a while and take them again, and always has the same number.</summary>
public sealed class TcpPort : IAsyncDisposable
{
    private const int Backlog = 4_096;

    private readonly Func<TcpClient, CancellationToken, Task> _serve;
    private readonly CancellationTokenSource _stop = new();
    private readonly IPAddress _address;
    private readonly int _port = FreePorts.Next();
    private TcpListener? _listener;
    private Task _accepting = Task.CompletedTask;

    /// <summary>Takes connections from now on.</summary>
    /// <param name="address">Where it listens.</param>
    /// <param name="serve">Serves a connection, which is closed after that; it may end with the exceptions of a connection that is gone.</param>
    public TcpPort(IPAddress address, Func<TcpClient, CancellationToken, Task> serve)
    {
        _address = address;
        _serve = serve;
        Accept();
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint => new(_address, _port);

    /// <summary>Ends a connection, whatever is done with it at that moment.</summary>
    /// <param name="client">The connection.</param>
    /// <param name="reset">By RST in place of FIN, as a machine that was switched off and on answers.</param>
    public static void End(TcpClient client, bool reset)
    {
        ArgumentNullException.ThrowIfNull(client);
        try
        {
            if (reset)
                client.LingerState = new LingerOption(true, 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or NullReferenceException)
        {
            // It has ended already.
        }

        client.Close();
    }

    /// <summary>Refuses connections, as a port does that nobody listens at.</summary>
    public void Refuse() => _listener!.Stop();

    /// <summary>Takes connections again.</summary>
    public void Accept()
    {
        _listener = new TcpListener(_address, _port);
        _listener.Start(Backlog);
        _accepting = AcceptAsync(_listener);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Refuse();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
                _ = ServeAsync(await listener.AcceptTcpClientAsync(_stop.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // It refuses, or is taken down.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var owned = client;
        try
        {
            client.NoDelay = true;
            await _serve(client, _stop.Token);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or OperationCanceledException
            or System.Net.WebSockets.WebSocketException or InvalidOperationException)
        {
            // One of the ends is gone.
        }
    }
}
