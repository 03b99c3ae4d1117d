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

    public UpstreamDialer(IOptions<UpstreamOptions> options, TimeProvider time)
    {
        _options = options.Value;
        _time = time;
        Address = string.IsNullOrEmpty(_options.Url) ? null : UpstreamAddress.Parse(_options.Url, out _);

        _http = new HttpMessageInvoker(new PingingHandler(Handler(_options), _options, time));
    }

    /// <inheritdoc/>
    public UpstreamAddress? Address { get; }

    /// <inheritdoc/>
    public async Task<Dialled> DialAsync(UserId user, long generation, RelayToken? token, CancellationToken ct)
    {
        var started = _time.GetTimestamp();
        var client = new ClientWebSocket();
        Configure(client.Options, generation, token);
        using var limit = new CancellationTokenSource(_options.ConnectTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            await client.ConnectAsync(Address!.For(user), _http, either.Token);
            client.HttpResponseHeaders = null;
            var socket = new UpstreamSocket(client, _options.MaxMessageBytes, _time);
            return new Dialled(socket, new DialOutcome(DialResult.Opened), _time.GetElapsedTime(started), token);
        }
        catch (Exception e) when (e is WebSocketException or HttpRequestException or OperationCanceledException or IOException)
        {
            var outcome = Explain(e, client, limit);
            client.Dispose();
            ct.ThrowIfCancellationRequested();
            return new Dialled(null, outcome, _time.GetElapsedTime(started), token);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    // HTTP/1.1 connections are never pooled: each dial resolves the name anew, so that a backend that moved is found; HTTP/2 ones live for
    // a while. No redirects: they would lead a user's token to a host that nobody configured.
    private static SocketsHttpHandler Handler(UpstreamOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            PooledConnectionLifetime = options.Http2 is Http2Use.Off ? TimeSpan.Zero : Http2Lifetime,
            EnableMultipleHttp2Connections = true,
            ConnectTimeout = options.ConnectTimeout,
        };
        if (options.AuthorityFile is { } file)
        {
            handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            handler.SslOptions.CertificateChainPolicy.CustomTrustStore.ImportFromPemFile(file);
        }

        return handler;
    }

    private void Configure(ClientWebSocketOptions options, long generation, RelayToken? token)
    {
        options.KeepAliveInterval = Timeout.InfiniteTimeSpan; // the line pings for itself: PingedStream
        options.CollectHttpResponseDetails = true;
        options.HttpVersion = _options.Http2 is Http2Use.Off ? HttpVersion.Version11 : HttpVersion.Version20;
        options.HttpVersionPolicy = _options.Http2 is Http2Use.Prefer ? HttpVersionPolicy.RequestVersionOrLower : HttpVersionPolicy.RequestVersionExact;
        options.SetRequestHeader(GenerationHeader, generation.ToString(CultureInfo.InvariantCulture));
        foreach (var (name, value) in _options.Headers)
            options.SetRequestHeader(name, value);
        if (token is not null)
            options.SetRequestHeader("Authorization", $"Bearer {token.Value}");
        foreach (var protocol in _options.SubProtocols)
            options.AddSubProtocol(protocol);
    }

    private DialOutcome Explain(Exception e, ClientWebSocket client, CancellationTokenSource limit)
    {
        if (limit.IsCancellationRequested || Innermost(e) is TimeoutException)
            return new DialOutcome(DialResult.TimedOut, Detail: string.Create(CultureInfo.InvariantCulture, $"no answer within {_options.ConnectTimeout.TotalSeconds:0.#} s"));
        var status = (int)client.HttpStatusCode;
        if (status != 0)
            return new DialOutcome(DialResult.Refused, status, RetryAfterOf(client), status.ToString(CultureInfo.InvariantCulture));
        return Innermost(e) switch
        {
            SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData } =>
                new DialOutcome(DialResult.NameNotResolved, Detail: "the host's name does not resolve"),
            SocketException socket => new DialOutcome(DialResult.NotConnected, Detail: socket.SocketErrorCode.ToString()),
            AuthenticationException tls => new DialOutcome(DialResult.TlsFailed, Detail: tls.Message),
            var other => new DialOutcome(DialResult.ProtocolError, Detail: other.Message),
        };
    }

    private static Exception Innermost(Exception e) => e.InnerException is { } inner ? Innermost(inner) : e;

    private TimeSpan? RetryAfterOf(ClientWebSocket client) =>
        client.HttpResponseHeaders?.TryGetValue("Retry-After", out var values) == true ? RetryAfter.Parse(values.FirstOrDefault(), _time.GetUtcNow()) : null;
}
