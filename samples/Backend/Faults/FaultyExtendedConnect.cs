using Microsoft.AspNetCore.Http.Features;

namespace Connections.Backend.Faults;

/// <summary>The extended CONNECT of HTTP/2, with a faulty stream under the WebSocket.</summary>
internal sealed class FaultyExtendedConnect(IHttpExtendedConnectFeature inner, FaultSwitch faults, string userId)
    : IHttpExtendedConnectFeature
{
    public bool IsExtendedConnect => inner.IsExtendedConnect;

    public string? Protocol => inner.Protocol;

    public async ValueTask<Stream> AcceptAsync() => new FaultyStream(await inner.AcceptAsync(), faults, userId);
}
