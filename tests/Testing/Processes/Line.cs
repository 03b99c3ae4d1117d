using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Connections.Testing.Processes;

/// <summary>A TCP line to a front that can be cut, and laid to another front: clients keep their address, as behind a load balancer.</summary>
public sealed class Line : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<TcpClient, bool> _clients = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private volatile Uri? _target;

    /// <summary>Lays it.</summary>
    public Line(Uri target)
    {
        _target = target;
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _accepting = AcceptAsync();
    }

    /// <summary>What clients connect to.</summary>
    public Uri Address { get; }

    /// <summary>Cuts every connection; new ones are dropped until it is laid again.</summary>
    public void Cut()
    {
        _target = null;
        foreach (var client in _clients.Keys)
            client.Close();
    }

    /// <summary>Lays it to a front.</summary>
    public void Lay(Uri target) => _target = target;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Cut();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // It is taken down.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var server = new TcpClient();
        _clients.TryAdd(client, true);
        _clients.TryAdd(server, true);
        try
        {
            if (_target is not { } target)
                return;
            await server.ConnectAsync(target.Host, target.Port, _stop.Token);
            if (_target != target)
                return;
            var up = client.GetStream().CopyToAsync(server.GetStream(), _stop.Token);
            var down = server.GetStream().CopyToAsync(client.GetStream(), _stop.Token);
            await Task.WhenAny(up, down);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
        {
            // One of the two ends is gone.
        }
        finally
        {
            _clients.TryRemove(client, out _);
            _clients.TryRemove(server, out _);
            client.Dispose();
        }
    }
}
