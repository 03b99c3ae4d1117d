using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;

namespace Connections.Grains.Upstream;

/// <summary>
/// Opens WebSockets over HTTP/1.1, a TCP connection each. An HTTP client would do, but keeps buffers of 16 kB and a connection's bookkeeping for as
/// long as the WebSocket lives, and each message passes them.
/// </summary>
internal sealed class Http1Dialer(UpstreamOptions options, X509ChainPolicy? authority, PingTurns turns)
{
    private const int LongestHead = 16 << 10;

    /// <summary>Dials once.</summary>
    /// <returns>The WebSocket, or null, and what the backend answered.</returns>
    public async Task<(WebSocket? Socket, UpgradeAnswer Answer)> DialAsync(Uri address, UpgradeRequest request, CancellationToken ct)
    {
        if (options.SubProtocols.Count > 0)
            request.Add("Sec-WebSocket-Protocol", string.Join(", ", options.SubProtocols));
        var line = await ConnectAsync(address, ct).ConfigureAwait(false);
        try
        {
            if (SendNow(line, request.ToBytes()) is { IsEmpty: false } rest)
                await line.WriteAsync(rest, ct).ConfigureAwait(false);
            await line.FlushAsync(ct).ConfigureAwait(false);
            var (answer, early) = await ReadAnswerAsync(line, ct).ConfigureAwait(false);
            if (answer.Status != (int)HttpStatusCode.SwitchingProtocols)
            {
                await line.DisposeAsync().ConfigureAwait(false);
                return (null, answer);
            }

            var protocol = answer.CheckOpened(request.ExpectedAccept, options.SubProtocols);
            var pinged = new PingedStream(line, turns, early);
            return (WebSocket.CreateFromStream(pinged, new WebSocketCreationOptions { SubProtocol = protocol, KeepAliveInterval = Timeout.InfiniteTimeSpan }), answer);
        }
        catch
        {
            await line.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    // What a socket takes at once, which after its opening is mostly all, leaves nothing behind in it for a wait that never comes. Never waits: others' sockets may need
    // this thread.
    private static ReadOnlyMemory<byte> SendNow(Stream line, ReadOnlyMemory<byte> request)
    {
        if (line is not NetworkStream { Socket: var socket })
            return request;
        socket.Blocking = false;
        var sent = socket.Send(request.Span, SocketFlags.None, out var failed);
        return request[(failed is SocketError.Success ? sent : 0)..];
    }

    // The name is resolved at each dial, so that a backend that moved is found.
    private async Task<Stream> ConnectAsync(Uri address, CancellationToken ct)
    {
        Stream line = new NetworkStream(await SocketConnect.ToAsync(address.IdnHost, address.Port, ct).ConfigureAwait(false), ownsSocket: true);
        if (address.Scheme != "wss")
            return line;
        var tls = new SslStream(line, leaveInnerStreamOpen: false);
        try
        {
            // A handshake is a millisecond of arithmetic: not on a thread that others' sockets wait for.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = address.IdnHost,
                    ApplicationProtocols = [SslApplicationProtocol.Http11],
                    CertificateChainPolicy = authority?.Clone(),
                },
                ct).ConfigureAwait(false);
            return tls;
        }
        catch
        {
            await tls.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async Task<(UpgradeAnswer Answer, byte[] Early)> ReadAnswerAsync(Stream line, CancellationToken ct)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(LongestHead);
        var length = 0;
        try
        {
            while (true)
            {
                while (UpgradeAnswer.Ends(buffer.AsSpan(0, length), out var end))
                {
                    var answer = UpgradeAnswer.Read(buffer.AsSpan(0, end));
                    buffer.AsSpan(end, length - end).CopyTo(buffer);
                    length -= end;
                    if (answer.Status is >= 200 or (int)HttpStatusCode.SwitchingProtocols)
                        return (answer, buffer.AsSpan(0, length).ToArray());
                }

                if (length == buffer.Length)
                    throw new WebSocketException(string.Create(CultureInfo.InvariantCulture, $"the answer's head is longer than {LongestHead} bytes"));
                var count = await line.ReadAsync(buffer.AsMemory(length), ct).ConfigureAwait(false);
                if (count == 0)
                    throw new IOException("the backend closed the connection in place of an answer");
                length += count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
