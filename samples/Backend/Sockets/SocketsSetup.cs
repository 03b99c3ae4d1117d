using Connections.Backend.Dials;
using Connections.Backend.Users;

namespace Connections.Backend.Sockets;

/// <summary>Registers what serves open sockets.</summary>
internal static class SocketsSetup
{
    internal static void AddSockets(this IServiceCollection services)
    {
        services.AddSingleton<UserDirectory>();
        services.AddSingleton<DialLog>();
        services.AddSingleton<DialDoor>();
        services.AddSingleton<OpenConnections>();
        services.AddSingleton<ConnectionFactory>();
        services.AddHostedService<Ticker>();
    }
}
