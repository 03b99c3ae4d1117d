using Microsoft.AspNetCore.Http.Features;

namespace Connections.Backend.Faults;

/// <summary>The HTTP/1.1 upgrade, with a faulty stream under the WebSocket.</summary>
internal sealed class FaultyUpgrade(IHttpUpgradeFeature inner, FaultSwitch faults, string userId) : IHttpUpgradeFeature
{
    public bool IsUpgradableRequest => inner.IsUpgradableRequest;

    public async Task<Stream> UpgradeAsync() => new FaultyStream(await inner.UpgradeAsync(), faults, userId);
}
