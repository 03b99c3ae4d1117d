using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Connections.Testing.Lines;

namespace Connections.Door.Tests;

/// <summary>Stands between the gateway and the sample backend: passes everybody through, but for users whose dials it answers with whatever a test says.</summary>
internal sealed class LyingBackend : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Func<Dial, Task>> _answers = new(StringComparer.Ordinal);
    private readonly TcpPort _port;

    public LyingBackend()
    {
        _port = new TcpPort(IPAddress.Loopback, ServeAsync);
        Upstream = $"ws://{_port.EndPoint}/ws/{{userId}}";
    }

    /// <summary>For <c>Upstream:Url</c>.</summary>
    public string Upstream { get; }

    /// <summary>The backend that everybody else gets.</summary>
    public Uri? Honest { get; set; }

    /// <summary>From now on a user's dials are answered like this.</summary>
    public IDisposable Answers(string user, Func<Dial, Task> answer)
    {
        _answers[user] = answer;
        return new Registration(() => _answers.TryRemove(user, out _));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _port.DisposeAsync();

    private async Task ServeAsync(TcpClient client, CancellationToken stop)
    {
        var stream = client.GetStream();
        var head = await HeadAsync(stream);
        var user = head.Split(' ')[1].Split('/')[^1];
        if (_answers.TryGetValue(user, out var answer))
        {
            await answer(new Dial(stream, head));

            // Until the gateway has had enough.
            await stream.CopyToAsync(Stream.Null, stop);
            return;
        }

        using var server = new TcpClient();
        await server.ConnectAsync(Honest!.Host, Honest.Port, stop);
        await server.GetStream().WriteAsync(Encoding.Latin1.GetBytes(head), stop);
        await Task.WhenAny(stream.CopyToAsync(server.GetStream(), stop), server.GetStream().CopyToAsync(stream, stop));
    }

    private static async Task<string> HeadAsync(NetworkStream stream)
    {
        var (head, one) = (new StringBuilder(), new byte[1]);
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await stream.ReadExactlyAsync(one);
            head.Append((char)one[0]);
        }

        return head.ToString();
    }

    /// <summary>One dial of the gateway.</summary>
    /// <param name="stream">The line.</param>
    /// <param name="head">Its request.</param>
    internal sealed class Dial(Stream stream, string head)
    {
        private const string Magic = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

        /// <summary>Says whatever it likes.</summary>
        public Task SayAsync(string text) => SayAsync(Encoding.Latin1.GetBytes(text));

        /// <summary>Says whatever it likes.</summary>
        public async Task SayAsync(params byte[] bytes) => await stream.WriteAsync(bytes);

        /// <summary>Accepts the upgrade as a backend should.</summary>
        public Task AcceptAsync(string more = "")
        {
            var key = head.Split("\r\n").First(l => l.StartsWith("Sec-WebSocket-Key:", StringComparison.OrdinalIgnoreCase)).Split(':')[1].Trim();
#pragma warning disable CA5350 // The protocol asks for it.
            var accept = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + Magic)));
#pragma warning restore CA5350
            return SayAsync($"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n{more}\r\n");
        }
    }

    private sealed class Registration(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
