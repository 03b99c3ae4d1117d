using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Connections.Testing.Lines;

/// <summary>
/// A TCP line that can be cut, laid to another target, and spoilt: clients keep their address, as behind a load balancer. What is wrong with it is
/// <see cref="Fault"/>, which counts for open connections too. To add a way to spoil it, add a member to <see cref="LineFault"/> and obey it in
/// <see cref="LinePump"/>.
/// </summary>
public sealed class Line : IAsyncDisposable
{
    private readonly ConcurrentDictionary<TcpClient, bool> _clients = [];
    private readonly TcpPort _port;
    private volatile Uri? _target;
    private volatile LineFault _fault = LineFault.None;

    /// <summary>Lays it.</summary>
    /// <param name="target">Where it leads.</param>
    /// <param name="address">Where clients connect to; 127.0.0.1 by default.</param>
    public Line(Uri target, string address = "127.0.0.1")
    {
        _target = target;
        _port = new TcpPort(IPAddress.Parse(address), ServeAsync);
        Address = new Uri($"http://{_port.EndPoint}");
    }

    /// <summary>What clients connect to.</summary>
    public Uri Address { get; }

    /// <summary>Where it leads; nowhere while it is cut.</summary>
    public Uri? Target => _target;

    /// <summary>What is wrong with it.</summary>
    public LineFault Fault
    {
        get => _fault;
        set => _fault = value;
    }

    /// <summary>Cuts every connection; new ones are dropped until it is laid again.</summary>
    public void Cut()
    {
        _target = null;
        CutOpen();
    }

    /// <summary>Cuts every open connection, and takes new ones.</summary>
    /// <param name="reset">By RST in place of FIN, as a machine that was switched off and on answers.</param>
    public void CutOpen(bool reset = false)
    {
        foreach (var client in _clients.Keys)
            TcpPort.End(client, reset);
    }

    /// <summary>Lays it to a target.</summary>
    public void Lay(Uri target) => _target = target;

    /// <summary>Refuses new connections, as a port does that nobody listens at.</summary>
    public void Refuse() => _port.Refuse();

    /// <summary>Takes new connections again.</summary>
    public void Accept() => _port.Accept();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Cut();
        await _port.DisposeAsync();
    }

    private async Task ServeAsync(TcpClient client, CancellationToken ct)
    {
        using var server = new TcpClient();
        _clients.TryAdd(client, true);
        _clients.TryAdd(server, true);
        try
        {
            if (_target is not { } target)
                return;
            server.NoDelay = true;
            await server.ConnectAsync(target.Host, target.Port, ct);
            if (_target != target)
                return;
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(ct);
            var up = new LinePump(client.GetStream(), server.GetStream(), () => _fault, isUp: true).RunAsync(ended.Token);
            var down = new LinePump(server.GetStream(), client.GetStream(), () => _fault, isUp: false).RunAsync(ended.Token);
            await Task.WhenAny(up, down);
            await ended.CancelAsync();
            await Task.WhenAll(up, down);
        }
        finally
        {
            _clients.TryRemove(client, out _);
            _clients.TryRemove(server, out _);
        }
    }
}
