using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Connections.Backend.Hosting;

/// <summary>Forgets the <c>urls</c> that have become endpoints, about which Kestrel would warn at every start. They can't be taken out
/// of the host's settings: those were read when the builder was made.</summary>
internal sealed class EndpointsOnly : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.ServerFeatures.Get<IServerAddressesFeature>()?.Addresses.Clear();
        next(app);
    };
}
