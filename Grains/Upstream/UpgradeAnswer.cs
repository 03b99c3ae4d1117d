using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using System.Text;

namespace Connections.Grains.Upstream;

/// <summary>What a backend answers to an <see cref="UpgradeRequest"/>. Pure.</summary>
/// <param name="status">The status.</param>
internal sealed class UpgradeAnswer(int status)
{
    private readonly Dictionary<string, string> _headers = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The status.</summary>
    public int Status => status;

    /// <summary>The header, or null.</summary>
    public string? RetryAfter => _headers.GetValueOrDefault("Retry-After");

    /// <summary>Whether the head is complete, and where it ends.</summary>
    public static bool Ends(ReadOnlySpan<byte> bytes, out int length)
    {
        var end = bytes.IndexOf("\r\n\r\n"u8);
        length = end + 4;
        return end >= 0;
    }

    /// <summary>Reads a complete head.</summary>
    /// <exception cref="WebSocketException">It is none.</exception>
    public static UpgradeAnswer Read(ReadOnlySpan<byte> head)
    {
        var lines = Encoding.Latin1.GetString(head).Split("\r\n");
        var words = lines[0].Split(' ', 3);
        if (words.Length < 2 || !words[0].StartsWith("HTTP/1.", StringComparison.Ordinal)
            || !int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var status))
            throw new WebSocketException("the answer is not HTTP");
        var answer = new UpgradeAnswer(status);
        foreach (var line in lines.Skip(1))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
            {
                var (name, value) = (line[..colon].Trim(), line[(colon + 1)..].Trim());
                answer._headers[name] = answer._headers.TryGetValue(name, out var before) ? $"{before}, {value}" : value;
            }
        }

        return answer;
    }

    /// <summary>Checks that a WebSocket was opened, as it was asked for.</summary>
    /// <returns>The sub-protocol that the backend chose, or null.</returns>
    /// <exception cref="WebSocketException">It was not.</exception>
    public string? CheckOpened(string expectedAccept, IEnumerable<string> offered)
    {
        if (status != (int)HttpStatusCode.SwitchingProtocols)
            throw new WebSocketException($"the answer is {status}, not 101");
        if (!Has("Upgrade", "websocket") || !Has("Connection", "Upgrade") || _headers.GetValueOrDefault("Sec-WebSocket-Accept") != expectedAccept)
            throw new WebSocketException("the answer does not fit to what was asked: is that a WebSocket server?");
        var chosen = _headers.GetValueOrDefault("Sec-WebSocket-Protocol");
        return string.IsNullOrEmpty(chosen) ? null
            : offered.Contains(chosen, StringComparer.OrdinalIgnoreCase) ? chosen
            : throw new WebSocketException($"the backend chose the sub-protocol {chosen}, which was not offered");
    }

    private bool Has(string name, string word) =>
        _headers.TryGetValue(name, out var value) && value.Split(',').Any(v => v.Trim().Equals(word, StringComparison.OrdinalIgnoreCase));
}
