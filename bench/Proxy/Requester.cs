using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Connections.Proxy;

/// <summary>
/// Connections that ask again as soon as they are answered. Plain sockets with a request that is always the same, so that the load costs less
/// than what it loads.
/// </summary>
internal sealed class Requester(int port, string token)
{
    private readonly byte[] _request = Encoding.ASCII.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"GET /api/hello HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\n\r\n"));

    /// <summary>Asks for a time over so many connections.</summary>
    /// <returns>How long each answer took, in microseconds.</returns>
    public async Task<List<double>> RunAsync(int connections, TimeSpan time)
    {
        var all = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(() => RunOneAsync(time))));
        return [.. all.SelectMany(t => t)];
    }

    private async Task<List<double>> RunOneAsync(TimeSpan time)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync("127.0.0.1", port);
        var buffer = new byte[8 << 10];
        var times = new List<double>(100_000);
        var clock = TimeProvider.System;
        var began = clock.GetTimestamp();
        while (clock.GetElapsedTime(began) < time)
        {
            var asked = clock.GetTimestamp();
            await socket.SendAsync(_request);
            await ReadAnswerAsync(socket, buffer);
            times.Add(clock.GetElapsedTime(asked).TotalMicroseconds);
        }

        return times;
    }

    // The answers here are short: a head, then a body of a known length or in chunks.
    private static async Task ReadAnswerAsync(Socket socket, byte[] buffer)
    {
        var length = 0;
        while (true)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(length));
            if (read == 0)
                throw new IOException("The connection was closed.");
            length += read;
            if (IsWhole(buffer.AsSpan(0, length)))
                return;
        }
    }

    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var head = answer.IndexOf("\r\n\r\n"u8);
        if (head < 0)
            return false;
        if (!answer.StartsWith("HTTP/1.1 200"u8))
            throw new IOException($"Not the answer that was asked for: {Encoding.ASCII.GetString(answer)}");
        var lengthAt = answer.IndexOf("Content-Length: "u8);
        if (lengthAt < 0)
            return answer.EndsWith("0\r\n\r\n"u8);
        var digits = answer[(lengthAt + 16)..];
        return answer.Length >= head + 4 + int.Parse(digits[..digits.IndexOf((byte)'\r')], NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
