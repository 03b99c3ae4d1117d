using Microsoft.AspNetCore.Http.Features;

namespace Connections.WebFront.Lines;

/// <summary>Opens a WebSocket, and takes its socket out of the web server.</summary>
internal sealed class LineUpgrade(IHttpUpgradeFeature server, LineConnection connection) : IHttpUpgradeFeature
{
    /// <inheritdoc/>
    public bool IsUpgradableRequest => server.IsUpgradableRequest;

    /// <inheritdoc/>
    public async Task<Stream> UpgradeAsync()
    {
        await server.UpgradeAsync();
        return await connection.DetachAsync();
    }
}
