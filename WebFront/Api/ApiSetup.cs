using Connections.WebFront.Sessions;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.ServiceDiscovery;
using Yarp.ReverseProxy.Transforms;

namespace Connections.WebFront.Api;

/// <summary>The reverse proxy at <c>/api</c> with its breakers.</summary>
internal static class ApiSetup
{
    private const string Token = "access_token";

    /// <summary>Registers proxy, breakers and service discovery.</summary>
    public static void AddApi(this WebApplicationBuilder builder)
    {
        var section = builder.Configuration.GetSection(ApiOptions.Section);
        builder.Services.AddOptions<ApiOptions>().Bind(section).PostConfigure(o => InheritRules(o, section)).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<ApiOptions>, ApiOptionsCheck>();
        builder.Services.AddSingleton(s => new ApiRoutes(s.GetRequiredService<IOptions<ApiOptions>>().Value));
        builder.Services.AddSingleton<RouteBreakers>();
        builder.Services.AddHostedService(s => s.GetRequiredService<RouteBreakers>());
        builder.Services.AddSingleton<IBreakerBoard>(s => s.GetRequiredService<RouteBreakers>());
        builder.Services.AddSingleton<ApiGate>();

        builder.Services.AddServiceDiscovery();
        builder.Services.AddSingleton<IDestinationResolver, DiscoveredDestinations>();
        builder.Services.AddSingleton<Yarp.ReverseProxy.Configuration.IProxyConfigProvider, ApiProxyConfig>();
        builder.Services.AddSingleton<IForwarderHttpClientFactory, ApiClients>();
        builder.Services.AddReverseProxy()
            .AddTransforms(context =>
            {
                // A token in the address is for the gateway: the backend would log it.
                context.AddRequestTransform(t =>
                {
                    if (t.HttpContext.Request.QueryString.Value?.Contains(Token, StringComparison.Ordinal) == true)
                        t.Query.Collection.Remove(Token);
                    HeadersOfClients.Strip(t.ProxyRequest.Headers);
                    return ValueTask.CompletedTask;
                });
                context.AddResponseTransform(t =>
                {
                    t.HttpContext.Features.Get<ApiCall>()?.Answered(t.ProxyResponse);
                    AnswerInPieces.TakeOver(t.HttpContext, t.ProxyResponse);
                    return ValueTask.CompletedTask;
                });
            });
    }

    /// <summary>Maps the routes, and <c>GET /breakers</c>.</summary>
    public static void MapApi(this WebApplication app)
    {
        app.MapReverseProxy(pipeline =>
        {
            var gate = app.Services.GetRequiredService<ApiGate>();
            pipeline.Use((http, next) => gate.PassAsync(http, next));
            pipeline.UseLoadBalancing();
        });
        app.MapGet("/breakers", (HttpContext http, IBreakerBoard board) =>
        {
            http.Response.Headers.CacheControl = "no-store";
            return TypedResults.Ok(new { breakers = board.Breakers });
        }).RequireAuthorization().ExcludeFromDescription();
        app.Map("/api/{**rest}", () => Results.Problem("No route under /api matches this address.", statusCode: StatusCodes.Status404NotFound))
            .RequireAuthorization().WithOrder(int.MaxValue).ExcludeFromDescription();
    }

    // What a route says of its breaker is in place of what all of them have, not of what a breaker has by itself.
    private static void InheritRules(ApiOptions options, IConfigurationSection section)
    {
        foreach (var (name, route) in options.Routes)
        {
            var own = section.GetSection($"{nameof(ApiOptions.Routes)}:{name}:{nameof(ApiRouteOptions.Breaker)}");
            if (!own.Exists())
                continue;
            route.Breaker = options.Breaker with { };
            own.Bind(route.Breaker);
        }
    }
}
