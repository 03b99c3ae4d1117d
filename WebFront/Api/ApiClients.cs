using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using Connections.Hosting.Telemetry;
using Connections.WebFront.Lines;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Forwarder;

namespace Connections.WebFront.Api;

/// <summary>The proxy's clients of the backends. Their connections take of the front's room, as those do that come in.</summary>
[SuppressMessage("Performance", "CA1812", Justification = "Made by the container.")]
internal sealed class ApiClients(ConnectionRoom room, IOptions<ApiOptions> options, IConfiguration configuration) : ForwarderHttpClientFactory
{
    /// <inheritdoc/>
    protected override void ConfigureHandler(ForwarderHttpClientContext context, SocketsHttpHandler handler)
    {
        base.ConfigureHandler(context, handler);

        // Where nobody looks at a span of ours, the caller's own trace header passes as it came.
        var telemetry = configuration.GetSection(TelemetryOptions.Section).Get<TelemetryOptions>() ?? new TelemetryOptions();
        if (!telemetry.IsTraced)
            handler.ActivityHeadersPropagator = null;
        handler.ConnectTimeout = options.Value.ConnectTimeout;
        handler.PooledConnectionLifetime = options.Value.ConnectionLifetime;
        handler.ConnectCallback = ConnectAsync;
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, ct);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        room.Enter();
        return new Counted(socket, room);
    }

    private sealed class Counted(Socket socket, ConnectionRoom room) : NetworkStream(socket, ownsSocket: true)
    {
        private int _ended;

        protected override void Dispose(bool disposing)
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0)
                room.Leave();
            base.Dispose(disposing);
        }
    }
}
