using Connections.WebFront.Admission;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;

namespace Connections.WebFront.Hub;

/// <summary>The SignalR way in.</summary>
internal static class HubSetup
{
    private const string Route = "/hubs/connection";

    /// <summary>Registers the hub with both protocols.</summary>
    public static void AddConnectionHub(this WebApplicationBuilder builder)
    {
        var limit = builder.Configuration.GetSection(FrontOptions.Section).GetValue<int?>(nameof(FrontOptions.MaxMessageBytes)) ?? new FrontOptions().MaxMessageBytes;
        builder.Services.AddSignalR(o =>
        {
            // The receipt says what is too large; this only stops what no client of ours sends. Base64 and JSON take half as much again.
            o.MaximumReceiveMessageSize = limit * 3L / 2 + 4_096;
            o.KeepAliveInterval = TimeSpan.FromSeconds(10);
            o.ClientTimeoutInterval = TimeSpan.FromSeconds(30);
        }).AddMessagePackProtocol();
        builder.Services.AddSingleton<HubLifetimeManager<ConnectionHub>, HubTabLifetime>();
        builder.Services.AddSingleton<HubLines>();
        builder.Services.AddHostedService(s => s.GetRequiredService<HubLines>());
    }

    /// <summary>Maps the hub. SignalR's own end at a token's expiry stays off: it knows of no fresh one, and says no reason.</summary>
    public static void MapConnectionHub(this WebApplication app)
    {
        var lines = app.Services.GetRequiredService<HubLines>();
        app.MapHub<ConnectionHub>(Route).TakesTabs().Add(endpoint =>
        {
            if (endpoint.RequestDelegate is { } signalR && !endpoint.Metadata.OfType<NegotiateMetadata>().Any())
                endpoint.RequestDelegate = http => lines.TakeAsync(http, signalR);
        });
    }
}
