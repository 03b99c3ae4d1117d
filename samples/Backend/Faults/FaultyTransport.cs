using Microsoft.AspNetCore.Http.Features;

namespace Connections.Backend.Faults;

/// <summary>
/// Puts <see cref="FaultyStream"/> under every WebSocket; must come before <c>UseWebSockets</c>, which takes the features as they are.
/// </summary>
internal static class FaultyTransport
{
    internal static void UseFaultyTransport(this WebApplication app) => app.Use((context, next) =>
    {
        if (context.GetRouteValue("userId") is string userId)
            Wrap(context.Features, context.RequestServices.GetRequiredService<FaultSwitch>(), userId);
        return next(context);
    });

    private static void Wrap(IFeatureCollection features, FaultSwitch faults, string userId)
    {
        if (features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true } connect)
            features.Set<IHttpExtendedConnectFeature>(new FaultyExtendedConnect(connect, faults, userId));
        else if (features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } upgrade)
            features.Set<IHttpUpgradeFeature>(new FaultyUpgrade(upgrade, faults, userId));
    }
}
