using System.Globalization;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Connections.Testing.History.Events;
using Connections.Testing.Lines;

namespace Connections.Faults.Tests.Backend;

/// <summary>One dial of a silo, in the hands of a <see cref="Script"/>: down to its bytes, so that it can do what no WebSocket library would.</summary>
public sealed class ScriptedDial
{
    private const int MaxHeadBytes = 16 << 10;
    private const string AcceptGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private readonly TcpClient _client;
    private readonly NetworkStream _stream;
    private readonly Dictionary<string, string> _headers;

    private readonly Action<HistoryEvent> _write;
    private bool _accepted;

    private ScriptedDial(TcpClient client, string user, Dictionary<string, string> headers, long number, Action<HistoryEvent> write)
    {
        _write = write;
        _client = client;
        _stream = client.GetStream();
        _headers = headers;
        User = user;
        Number = number;
    }

    /// <summary>Whose.</summary>
    public string User { get; }

    /// <summary>Counts the backend's dials.</summary>
    public long Number { get; }

    /// <summary>Its bytes.</summary>
    public Stream Stream => _stream;

    /// <summary>Reads the request; null when it ends before that.</summary>
    public static async Task<ScriptedDial?> ReadAsync(TcpClient client, long number, Action<HistoryEvent> write, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(client);
        var head = new byte[MaxHeadBytes];
        var length = 0;
        while (head.AsSpan(0, length).IndexOf("\r\n\r\n"u8) < 0)
        {
            var read = await client.GetStream().ReadAsync(head.AsMemory(length), ct);
            if (read == 0)
                return null;
            length += read;
        }

        var lines = Encoding.ASCII.GetString(head, 0, length).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var headers = lines.Skip(1).Select(l => l.Split(':', 2)).ToDictionary(p => p[0].ToLowerInvariant(), p => p[1].Trim());
        return new ScriptedDial(client, lines[0].Split(' ')[1].Split('/')[^1], headers, number, write);
    }

    /// <summary>Answers the request with a status, and nothing more.</summary>
    public async Task AnswerAsync(int status, string headers = "") =>
        await _stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status} Scripted\r\nContent-Length: 0\r\nConnection: close\r\n{headers}\r\n"));

    /// <summary>Answers that the WebSocket is open.</summary>
    public async Task AcceptAsync()
    {
        _accepted = true;
        var generation = _headers.TryGetValue("x-connection-generation", out var text) ? long.Parse(text, CultureInfo.InvariantCulture) : (long?)null;
        _write(new BackendOpened(User, Number, generation));
#pragma warning disable CA5350 // RFC 6455 wants SHA-1 here
        var accept = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(_headers["sec-websocket-key"] + AcceptGuid)));
#pragma warning restore CA5350
        await _stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n"));
    }

    /// <summary>Opens it as a WebSocket that keeps to the rules.</summary>
    public async Task<WebSocket> OpenAsync()
    {
        await AcceptAsync();
        return WebSocket.CreateFromStream(_stream, new WebSocketCreationOptions { IsServer = true, KeepAliveInterval = TimeSpan.Zero });
    }

    /// <summary>Reads and forgets, until the silo ends the connection.</summary>
    public async Task UntilEndAsync(CancellationToken ct)
    {
        var buffer = new byte[4096];
        while (await _stream.ReadAsync(buffer, ct) > 0)
        {
        }
    }

    /// <summary>It has ended.</summary>
    internal void Ended()
    {
        if (_accepted)
            _write(new BackendClosed(User, Number));
    }

    /// <summary>Ends it by RST, in the middle of whatever it does.</summary>
    public void Reset() => TcpPort.End(_client, reset: true);
}
