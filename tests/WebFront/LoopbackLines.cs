using System.Net;
using System.Net.Sockets;
using Connections.WebFront.Lines;

namespace Connections.WebFront.Tests;

/// <summary>Lines over real sockets, and the tabs' ends of them.</summary>
internal sealed class LoopbackLines : IDisposable
{
    private readonly List<Socket> _tabs = [];
    private readonly List<Line> _lines = [];
    private readonly byte[] _buffer = new byte[64 << 10];

    /// <summary>The tabs' ends, in the order of their lines.</summary>
    public IReadOnlyList<Socket> Tabs => _tabs;

    /// <summary>Opens one.</summary>
    /// <param name="kept">What the kernel may keep for a tab that does not read, in bytes; 0 for what it keeps by default.</param>
    public Line Open(int kept = 0)
    {
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var tab = new Socket(SocketType.Stream, ProtocolType.Tcp);
        if (kept > 0)
            tab.ReceiveBufferSize = kept;
        tab.Connect(listener.LocalEndPoint!);
        var accepted = listener.Accept();
        accepted.NoDelay = true;
        if (kept > 0)
            accepted.SendBufferSize = kept;
        _tabs.Add(tab);
        _lines.Add(new Line(accepted, default));
        return _lines[^1];
    }

    /// <summary>Reads what has come.</summary>
    public void Drain()
    {
        foreach (var tab in _tabs)
        {
            while (tab.Available > 0)
                tab.Receive(_buffer);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _lines.ForEach(l => l.Dispose());
        _tabs.ForEach(t => t.Dispose());
    }
}
