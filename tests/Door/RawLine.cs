using System.Buffers.Binary;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Connections.Door.Tests;

/// <summary>A TCP line on which a test writes whatever bytes it likes: HTTP that is none, WebSocket frames that no library would send.</summary>
internal sealed class RawLine : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly TcpClient _client = new() { NoDelay = true };
    private readonly byte[] _buffer = new byte[4 << 10];
    private int _start;
    private int _end;

    /// <summary>Connects.</summary>
    public static async Task<RawLine> ConnectAsync(Uri front)
    {
        var line = new RawLine();
        await line._client.ConnectAsync(front.Host, front.Port);
        return line;
    }

    /// <summary>Connects and becomes a WebSocket.</summary>
    public static async Task<RawLine> UpgradeAsync(Uri front, string pathAndQuery, string? subProtocol = null)
    {
        var line = await ConnectAsync(front);
        var offer = subProtocol is null ? "" : $"Sec-WebSocket-Protocol: {subProtocol}\r\n";
        await line.SendAsync(
            $"GET {pathAndQuery} HTTP/1.1\r\nHost: {front.Authority}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + $"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {Convert.ToBase64String(new byte[16])}\r\n{offer}\r\n");
        var answer = await line.AnswerAsync();
        return answer.StartsWith("101", StringComparison.Ordinal) ? line : throw new InvalidOperationException($"The upgrade was answered with {answer}.");
    }

    /// <summary>Writes text.</summary>
    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>Writes bytes; a line that was cut meanwhile takes none.</summary>
    public async Task SendAsync(byte[] bytes)
    {
        try
        {
            await _client.GetStream().WriteAsync(bytes);
        }
        catch (IOException)
        {
            // What the other end has to say stands in what can be read.
        }
    }

    /// <summary>Writes a WebSocket frame.</summary>
    public Task SendFrameAsync(int opcode, byte[] payload, bool fin = true, int reserved = 0, bool masked = true, ulong? declared = null)
    {
        using var frame = new MemoryStream();
        frame.WriteByte((byte)((fin ? 0x80 : 0) | (reserved << 4) | opcode));
        var length = declared ?? (ulong)payload.Length;
        var mask = masked ? 0x80 : 0;
        if (length < 126)
        {
            frame.WriteByte((byte)(mask | (int)length));
        }
        else
        {
            Span<byte> eight = stackalloc byte[8];
            BinaryPrimitives.WriteUInt64BigEndian(eight, length);
            frame.WriteByte((byte)(mask | (length < 65_536 ? 126 : 127)));
            frame.Write(length < 65_536 ? eight[6..] : eight);
        }

        // A mask of zeros leaves the payload as it is.
        if (masked)
            frame.Write(new byte[4]);
        frame.Write(payload);
        return SendAsync(frame.ToArray());
    }

    /// <summary>Writes a text frame.</summary>
    public Task SayAsync(string text) => SendFrameAsync(1, Encoding.UTF8.GetBytes(text));

    /// <summary>The status and kind of the next HTTP answer, such as <c>400</c> or <c>400 problem</c>; <c>cut</c> when the line ends without one.</summary>
    public async Task<string> AnswerAsync()
    {
        var head = new StringBuilder();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await NextAsync() is not { } next)
                return "cut";
            head.Append((char)next);
        }

        var text = head.ToString();
        if (!text.StartsWith("HTTP/1.", StringComparison.Ordinal))
            return $"no HTTP: {text}";
        var isProblem = text.Contains("application/problem+json", StringComparison.OrdinalIgnoreCase);
        return text.Split(' ')[1].TrimEnd() + (isProblem ? " problem" : "");
    }

    /// <summary>How a WebSocket ends: <c>close 1002</c>, or <c>cut</c>; what comes before is thrown away.</summary>
    public async Task<string> EndAsync()
    {
        while (true)
        {
            if (await NextAsync() is not { } first || await NextAsync() is not { } second)
                return "cut";
            var length = second & 0x7f;
            if (length == 126)
                length = await NumberAsync(2);
            else if (length == 127)
                length = await NumberAsync(8);
            var payload = new byte[Math.Min(length, 125)];
            for (var i = 0; i < length; i++)
            {
                if (await NextAsync() is not { } next)
                    return "cut";
                if (i < payload.Length)
                    payload[i] = next;
            }

            if ((first & 0x0f) == 8)
                return string.Create(CultureInfo.InvariantCulture, $"close {(length >= 2 ? BinaryPrimitives.ReadUInt16BigEndian(payload) : 1005)}");
        }
    }

    /// <summary>Waits until the other end has cut the line, or has closed its half.</summary>
    public async Task UntilCutAsync(TimeSpan within)
    {
        using var limit = new CancellationTokenSource(within);
        try
        {
            while (await _client.GetStream().ReadAsync(_buffer, limit.Token) > 0)
            {
                // What it says before.
            }
        }
        catch (IOException)
        {
            // Reset.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task<int> NumberAsync(int bytes)
    {
        var number = 0;
        for (var i = 0; i < bytes; i++)
            number = (number << 8) | (await NextAsync() ?? 0);
        return number;
    }

    private async ValueTask<byte?> NextAsync()
    {
        if (_start == _end)
        {
            using var limit = new CancellationTokenSource(Patience);
            try
            {
                (_start, _end) = (0, await _client.GetStream().ReadAsync(_buffer, limit.Token));
            }
            catch (IOException)
            {
                _end = 0;
            }

            if (_end == 0)
                return null;
        }

        return _buffer[_start++];
    }
}
