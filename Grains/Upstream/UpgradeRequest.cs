using System.Diagnostics.CodeAnalysis;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;

namespace Connections.Grains.Upstream;

/// <summary>Asks a backend for a WebSocket (RFC 6455, 4.1). Pure.</summary>
internal sealed class UpgradeRequest
{
    private const int KeyBytes = 16;
    private const string Guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private readonly StringBuilder _text = new();
    private readonly string _key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyBytes));

    /// <summary>Begins one.</summary>
    public UpgradeRequest(Uri address)
    {
        var host = address.HostNameType is UriHostNameType.IPv6 ? $"[{address.IdnHost}]" : address.IdnHost;
        _text.Append("GET ").Append(address.PathAndQuery).Append(" HTTP/1.1\r\n");
        Add("Host", address.IsDefaultPort ? host : FormattableString.Invariant($"{host}:{address.Port}"));
        Add("Connection", "Upgrade");
        Add("Upgrade", "websocket");
        Add("Sec-WebSocket-Version", "13");
        Add("Sec-WebSocket-Key", _key);
    }

    /// <summary>What the backend must answer, to show that it understood.</summary>
    [SuppressMessage("Security", "CA5350", Justification = "The protocol asks for SHA-1.")]
    public string ExpectedAccept => Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(_key + Guid)));

    /// <summary>Adds a header.</summary>
    /// <exception cref="WebSocketException">It would end its line.</exception>
    public void Add(string name, string value)
    {
        if (name.AsSpan().ContainsAny("\r\n\0: ") || value.AsSpan().ContainsAny("\r\n\0"))
            throw new WebSocketException($"the header {name} cannot be sent: it has a character that ends it");
        _text.Append(name).Append(": ").Append(value).Append("\r\n");
    }

    /// <summary>The bytes for the wire.</summary>
    public byte[] ToBytes() => Encoding.Latin1.GetBytes($"{_text}\r\n");
}
