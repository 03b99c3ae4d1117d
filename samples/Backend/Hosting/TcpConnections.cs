using Connections.Backend.Stats;
using Microsoft.AspNetCore.Connections;

namespace Connections.Backend.Hosting;

/// <summary>How many TCP connections are open; many sockets may share one over HTTP/2.</summary>
internal sealed class TcpConnections
{
    private readonly PeakGauge _open = new();

    internal long Open => _open.Value;

    internal ConnectionDelegate Count(ConnectionDelegate next) => async connection =>
    {
        _open.Increment();
        try
        {
            await next(connection);
        }
        finally
        {
            _open.Decrement();
        }
    };
}
