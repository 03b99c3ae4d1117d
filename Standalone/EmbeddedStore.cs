using System.Net;
using Garnet;
using Garnet.server;

namespace Connections.Standalone;

/// <summary>A Redis-protocol store inside this process (Garnet), on a port of 127.0.0.1, with its log on disk.</summary>
internal sealed class EmbeddedStore(int port, string dataPath) : IHostedService, IDisposable
{
    private GarnetServer? _server;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(dataPath);

        // Orleans' providers need Lua. Every write is committed before it is answered: a kill loses nothing. The default device needs
        // libaio; this one does not. The sizes are small because the state of a user is.
        _server = new GarnetServer(new GarnetServerOptions
        {
            EndPoints = [new IPEndPoint(IPAddress.Loopback, port)],
            EnableLua = true,
            LuaOptions = new LuaOptions(),
            EnableAOF = true,
            Recover = true,
            WaitForCommit = true,
            CheckpointDir = dataPath,
            DeviceType = Tsavorite.core.DeviceType.RandomAccess,
            LogMemorySize = "16m",
            PageSize = "1m",
            IndexMemorySize = "1m",
            AofMemorySize = "8m",
            AofPageSize = "2m",
            QuietMode = true,
        });
        _server.Start();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => _server?.Dispose();
}
