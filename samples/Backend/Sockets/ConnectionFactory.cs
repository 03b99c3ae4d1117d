using Connections.Backend.Stats;
using Connections.Backend.Users;

namespace Connections.Backend.Sockets;

/// <summary>Opens a connection for an accepted dial and counts it.</summary>
internal sealed class ConnectionFactory(
    OpenConnections open, Totals totals, BackendOptions options, TimeProvider clock, IHostApplicationLifetime lifetime)
{
    private long _lastNumber;

    internal Connection Open(HttpContext context, User user)
    {
        var number = Interlocked.Increment(ref _lastNumber);
        var connection = new Connection(context, user, number, open, totals, options, clock, lifetime.ApplicationStopping);
        open.Add(connection);
        return connection;
    }
}
