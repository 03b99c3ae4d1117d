using Connections.WebFront.Admission;

namespace Connections.WebFront.Sse;

/// <summary>The way in for what speaks plain HTTP: server-sent events out, <c>POST /messages</c> back, and <c>GET /connection</c>.</summary>
internal static class SseSetup
{
    /// <summary>Registers what the routes need.</summary>
    public static void AddSse(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<SseTabs>();
        builder.Services.AddSingleton<Messages>();
    }

    /// <summary>Maps the routes.</summary>
    public static void MapSse(this WebApplication app)
    {
        app.MapGet("/sse", (HttpContext http, SseTabs tabs) => tabs.ServeAsync(http)).RequireAuthorization().TakesTabs().ExcludeFromDescription();
        app.MapPost("/messages", (HttpContext http, Messages messages) => messages.SendAsync(http)).RequireAuthorization().ExcludeFromDescription();
        app.MapGet("/connection", ConnectionEndpoint.GetAsync).RequireAuthorization().ExcludeFromDescription();
    }
}
