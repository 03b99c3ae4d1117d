using System.Globalization;
using System.Net.Sockets;
using System.Net.WebSockets;
using Connections.Core;
using Microsoft.Extensions.Options;

namespace Connections.Grains.Upstream;

/// <summary>Opens upstream sockets. One per silo, used by all its users.</summary>
internal sealed class UpstreamDialer : IDisposable
{
    private const string GenerationHeader = "X-Connection-Generation";

    private readonly UpstreamOptions _options;
    private readonly TimeProvider _time;
    private readonly HttpMessageInvoker _http;

    public UpstreamDialer(IOptions<UpstreamOptions> options, TimeProvider time)
    {
        _options = options.Value;
        _time = time;
        Address = string.IsNullOrEmpty(_options.Url) ? null : UpstreamAddress.Parse(_options.Url, out _);

        // No pooling: each dial resolves the name anew, so that a backend that moved is found. No redirects: they would lead a user's
        // token to a host that nobody configured.
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            PooledConnectionLifetime = TimeSpan.Zero,
            ConnectTimeout = _options.ConnectTimeout,
        });
    }

    /// <summary>Where upstreams are; null when none is configured.</summary>
    public UpstreamAddress? Address { get; }

    /// <summary>Dials once.</summary>
    public async Task<DialResult> DialAsync(UserId user, long generation, CancellationToken ct)
    {
        var started = _time.GetTimestamp();
        var client = new ClientWebSocket();
        client.Options.KeepAliveInterval = _options.KeepAliveInterval;
        client.Options.KeepAliveTimeout = _options.KeepAliveTimeout;
        client.Options.CollectHttpResponseDetails = true;
        client.Options.SetRequestHeader(GenerationHeader, generation.ToString(CultureInfo.InvariantCulture));
        foreach (var (name, value) in _options.Headers)
            client.Options.SetRequestHeader(name, value);
        foreach (var protocol in _options.SubProtocols)
            client.Options.AddSubProtocol(protocol);

        using var limit = new CancellationTokenSource(_options.ConnectTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            await client.ConnectAsync(Address!.For(user), _http, either.Token);
            client.HttpResponseHeaders = null;
            return new DialResult(new UpstreamSocket(client, _options.MaxMessageBytes), null, null, _time.GetElapsedTime(started));
        }
        catch (Exception e) when (e is WebSocketException or HttpRequestException or OperationCanceledException or IOException)
        {
            var result = new DialResult(null, Explain(e, client, limit), RetryAfter(client), _time.GetElapsedTime(started));
            client.Dispose();
            ct.ThrowIfCancellationRequested();
            return result;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private string Explain(Exception e, ClientWebSocket client, CancellationTokenSource limit) =>
        limit.IsCancellationRequested ? string.Create(CultureInfo.InvariantCulture, $"no answer within {_options.ConnectTimeout.TotalSeconds:0.#} s")
        : client.HttpStatusCode != 0 ? string.Create(CultureInfo.InvariantCulture, $"{(int)client.HttpStatusCode}")
        : Innermost(e) is SocketException socket ? socket.SocketErrorCode.ToString()
        : Innermost(e).Message;

    private static Exception Innermost(Exception e) => e.InnerException is { } inner ? Innermost(inner) : e;

    private TimeSpan? RetryAfter(ClientWebSocket client)
    {
        if (client.HttpResponseHeaders?.TryGetValue("Retry-After", out var values) != true || values?.FirstOrDefault() is not { } text)
            return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            return TimeSpan.FromSeconds(seconds);
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) && date > _time.GetUtcNow()
            ? date - _time.GetUtcNow()
            : null;
    }
}
