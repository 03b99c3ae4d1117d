using Connections.Grains.Abstractions.Api;
using Connections.WebFront.Api;
using Connections.WebFront.Wire;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Connections.WebFront.Admin;

/// <summary>What operators ask and do about the breakers of <c>/api</c>.</summary>
internal static class BreakerOperations
{
    /// <summary>Maps them.</summary>
    public static void MapBreakerOperations(this RouteGroupBuilder admin)
    {
        admin.MapGet("/breakers", ListAsync).WithSummary("The breakers of all routes under /api");
        admin.MapPost("/breakers/{name}/{command}", CommandAsync)
            .WithSummary("Resets a route's breaker, or holds it open or closed until a reset")
            .Produces<ExplainedBreaker>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<Ok<ExplainedBreaker[]>> ListAsync(ApiRoutes routes, IGrainFactory grains) =>
        TypedResults.Ok(await Task.WhenAll(routes.Rules.Keys.Order(StringComparer.Ordinal).Select(name => ExplainAsync(grains, name))));

    private static async Task<IResult> CommandAsync(HttpContext http, string name, string command, ApiRoutes routes, IGrainFactory grains, AdminReason? body)
    {
        if (!BreakerCommands.TryRead(command, out var what, out var problem))
            return problem;
        if (!routes.Rules.ContainsKey(name))
        {
            return Results.Problem(
                $"There is no route '{name}': there are {string.Join(", ", routes.Rules.Keys)}.", statusCode: StatusCodes.Status404NotFound);
        }

        await grains.GetGrain<IApiBreakerGrain>(name).Command(what, BreakerCommands.Detail(http, body));
        return TypedResults.Ok(await ExplainAsync(grains, name));
    }

    private static async Task<ExplainedBreaker> ExplainAsync(IGrainFactory grains, string name)
    {
        var x = await grains.GetGrain<IApiBreakerGrain>(name).Explain();
        return new ExplainedBreaker(
            name, WireNames.Of(x.View.State), x.View.OpenForMs, x.View.Trips, x.View.Version, x.View.Detail, x.Silo, x.Fronts, ExplainedMove.Of(x.History));
    }
}
