using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Connections.Backend.Hosting;

/// <summary>Counts TCP connections and lifts the limits by which Kestrel would end a slow or stalled socket of its own accord.</summary>
internal sealed class KestrelSetup(BackendOptions options, TcpConnections tcpConnections) : IConfigureOptions<KestrelServerOptions>
{
    public void Configure(KestrelServerOptions kestrel)
    {
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Limits.Http2.MaxStreamsPerConnection = options.Http2StreamsPerConnection;
        kestrel.ConfigureEndpointDefaults(listen => listen.Use(tcpConnections.Count));
    }
}
