using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Connections.Core;
using Connections.Grains.Abstractions.Delivery;
using Microsoft.Extensions.Options;

namespace Connections.Grains.Upstream;

/// <summary>Opens upstream sockets. One per silo, used by all its users.</summary>
internal sealed class UpstreamDialer : IUpstreamDialer, IDisposable
{
    private const string GenerationHeader = "X-Connection-Generation";
    private static readonly TimeSpan Http2Lifetime = TimeSpan.FromMinutes(5);

    private readonly UpstreamOptions _options;
    private readonly TimeProvider _time;
    private readonly HttpMessageInvoker _http;
    private readonly Http1Dialer _http1;
    private readonly PingTurns _turns;

    public UpstreamDialer(IOptions<UpstreamOptions> options, TimeProvider time)
    {
        _options = options.Value;
        _time = time;
        Address = string.IsNullOrEmpty(_options.Url) ? null : UpstreamAddress.Parse(_options.Url, out _);

        var authority = _options.AuthorityFile is { } file ? Authority(file) : null;
        _turns = new PingTurns(_options.KeepAliveInterval, _options.KeepAliveTimeout, time);
        _http = new HttpMessageInvoker(new PingingHandler(Handler(_options, authority), _turns));
        _http1 = new Http1Dialer(_options, authority, _turns);
    }

    /// <inheritdoc/>
    public UpstreamAddress? Address { get; }

    /// <inheritdoc/>
    public async Task<Dialled> DialAsync(UserId user, long generation, RelayToken? token, CancellationToken ct)
    {
        var started = _time.GetTimestamp();
        using var limit = new CancellationTokenSource(_options.ConnectTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            var dial = DialAsync(Address!.For(user), [.. Headers(generation, token)], either.Token);
            var (opened, status, retryAfter) = await dial;
            if (opened is not null)
                return new Dialled(new UpstreamSocket(opened, _options.MaxMessageBytes, _time), new DialOutcome(DialResult.Opened), _time.GetElapsedTime(started), token);
            return Failed(new DialOutcome(DialResult.Refused, status, RetryAfter.Parse(retryAfter, _time.GetUtcNow()), status.ToString(CultureInfo.InvariantCulture)));
        }
        catch (Exception e) when (e is WebSocketException or HttpRequestException or OperationCanceledException or IOException or SocketException or ObjectDisposedException or AuthenticationException)
        {
            ct.ThrowIfCancellationRequested();
            return Failed(Explain(e, limit));
        }

        Dialled Failed(DialOutcome outcome) => new(null, outcome, _time.GetElapsedTime(started), token);
    }

    private Task<(WebSocket? Opened, int Status, string? RetryAfter)> DialAsync(Uri address, KeyValuePair<string, string>[] headers, CancellationToken ct) =>
        _options.Http2 is Http2Use.Off ? DialHttp1Async(address, headers, ct) : DialHttp2Async(address, headers, ct);

    private async Task<(WebSocket? Opened, int Status, string? RetryAfter)> DialHttp1Async(Uri address, KeyValuePair<string, string>[] headers, CancellationToken ct)
    {
        var request = new UpgradeRequest(address);
        foreach (var (name, value) in headers)
            request.Add(name, value);
        var (socket, answer) = await _http1.DialAsync(address, request, ct);
        return (socket, answer.Status, answer.RetryAfter);
    }

    private async Task<(WebSocket? Opened, int Status, string? RetryAfter)> DialHttp2Async(Uri address, KeyValuePair<string, string>[] headers, CancellationToken ct)
    {
        var client = new ClientWebSocket();
        Configure(client.Options);
        foreach (var (name, value) in headers)
            client.Options.SetRequestHeader(name, value);
        try
        {
            await client.ConnectAsync(address, _http, ct);
            client.HttpResponseHeaders = null;
            return (client, 0, null);
        }
        catch (WebSocketException) when (client.HttpStatusCode != 0)
        {
            var retryAfter = client.HttpResponseHeaders?.TryGetValue("Retry-After", out var values) == true ? values.FirstOrDefault() : null;
            client.Dispose();
            return (null, (int)client.HttpStatusCode, retryAfter);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    private IEnumerable<KeyValuePair<string, string>> Headers(long generation, RelayToken? token)
    {
        yield return new(GenerationHeader, generation.ToString(CultureInfo.InvariantCulture));
        foreach (var header in _options.Headers)
            yield return header;
        if (token is not null)
            yield return new("Authorization", $"Bearer {token.Value}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _http.Dispose();
        _turns.Dispose();
    }

    // HTTP/2 connections live for a while; HTTP/1.1 ones, where a backend has no HTTP/2, are never pooled. No redirects: they would lead a user's
    // token to a host that nobody configured.
    private static SocketsHttpHandler Handler(UpstreamOptions options, X509ChainPolicy? authority)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            PooledConnectionLifetime = Http2Lifetime,
            EnableMultipleHttp2Connections = true,
            ConnectTimeout = options.ConnectTimeout,
        };
        handler.SslOptions.CertificateChainPolicy = authority;
        return handler;
    }

    private static X509ChainPolicy Authority(string file)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(file);
        return policy;
    }

    private void Configure(ClientWebSocketOptions options)
    {
        options.KeepAliveInterval = Timeout.InfiniteTimeSpan; // the line pings for itself: PingedStream
        options.CollectHttpResponseDetails = true;
        options.HttpVersion = HttpVersion.Version20;
        options.HttpVersionPolicy = _options.Http2 is Http2Use.Prefer ? HttpVersionPolicy.RequestVersionOrLower : HttpVersionPolicy.RequestVersionExact;
        foreach (var protocol in _options.SubProtocols)
            options.AddSubProtocol(protocol);
    }

    private DialOutcome Explain(Exception e, CancellationTokenSource limit)
    {
        if (limit.IsCancellationRequested || Innermost(e) is TimeoutException)
            return new DialOutcome(DialResult.TimedOut, Detail: string.Create(CultureInfo.InvariantCulture, $"no answer within {_options.ConnectTimeout.TotalSeconds:0.#} s"));
        return Innermost(e) switch
        {
            SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData } =>
                new DialOutcome(DialResult.NameNotResolved, Detail: "the host's name does not resolve"),
            SocketException { SocketErrorCode: SocketError.TooManyOpenSockets } =>
                new DialOutcome(DialResult.GivenUp, Detail: "this silo has no file descriptor left"),
            SocketException socket => new DialOutcome(DialResult.NotConnected, Detail: socket.SocketErrorCode.ToString()),
            AuthenticationException tls => new DialOutcome(DialResult.TlsFailed, Detail: tls.Message),
            var other => new DialOutcome(DialResult.ProtocolError, Detail: other.Message),
        };
    }

    private static Exception Innermost(Exception e) => e.InnerException is { } inner ? Innermost(inner) : e;
}
