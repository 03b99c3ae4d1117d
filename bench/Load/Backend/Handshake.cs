using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Connections.Load.Backend;

/// <summary>The backend's half of a WebSocket's beginning (RFC 6455, 4.2).</summary>
internal static class Handshake
{
    private const string KeyHeader = "Sec-WebSocket-Key:";

    /// <summary>Reads <c>GET /ws/u17</c>.</summary>
    /// <returns>The number of the user, and the answer that opens the WebSocket.</returns>
    [SuppressMessage("Security", "CA5350", Justification = "The protocol asks for SHA-1.")]
    public static (int User, byte[] Answer) Read(ReadOnlySpan<byte> request)
    {
        var text = Encoding.ASCII.GetString(request);
        var digits = text.AsSpan(text.IndexOf("/u", StringComparison.Ordinal) + 2);
        var user = int.Parse(digits[..digits.IndexOfAnyExceptInRange('0', '9')], CultureInfo.InvariantCulture);
        var key = text.AsSpan(text.IndexOf(KeyHeader, StringComparison.OrdinalIgnoreCase) + KeyHeader.Length);
        var accept = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes($"{key[..key.IndexOf('\r')].Trim()}258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
        return (user, Encoding.ASCII.GetBytes(
            $"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n"));
    }
}
