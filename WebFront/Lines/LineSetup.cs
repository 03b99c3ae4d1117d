using Connections.WebFront.Admission;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Connections.WebFront.Lines;

/// <summary>The transport below the ways in.</summary>
internal static class LineSetup
{
    /// <summary>Registers it; the web server asks the transport that was registered last first.</summary>
    public static void AddLines(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IConnectionListenerFactory, LineTransport>();
        builder.Services.AddSingleton<ConnectionRoom>();
        builder.Services.AddSingleton<KeptLines>();
        builder.Services.AddHostedService(s => s.GetRequiredService<KeptLines>());
    }

    /// <summary>Has the WebSockets of tabs opened over lines.</summary>
    public static void UseLines(this WebApplication app) => app.Use((http, next) =>
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<TakesTabs>() is not null
            && http.Features.Get<LineConnection>() is { CanDetach: true } connection
            && http.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } server)
            http.Features.Set<IHttpUpgradeFeature>(new LineUpgrade(server, connection));
        return next(http);
    });
}
