using Connections.Grains.Abstractions.Operating;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Connections.WebFront.Admin;

/// <summary>What operators ask and do about fronts.</summary>
internal static class FrontEndpoints
{
    /// <summary>Maps them.</summary>
    public static void MapFrontOperations(this RouteGroupBuilder admin)
    {
        admin.MapGet("/fronts", ListAsync).WithSummary("The fronts that live");
        admin.MapPost("/fronts/{front}/drain", DrainAsync)
            .WithSummary("Sends all tabs of a front elsewhere and takes it out of the balancer; it does not stop")
            .Produces<ReachedTabs>().ProducesProblem(StatusCodes.Status404NotFound);
    }

    /// <summary>The fronts that live.</summary>
    public static Task<FrontHello[]> AllAsync(IGrainFactory grains) => grains.GetGrain<IFrontRegistryGrain>(0).List();

    private static async Task<Ok<ListedFront[]>> ListAsync(IGrainFactory grains) =>
        TypedResults.Ok((await AllAsync(grains)).Select(f => new ListedFront(f.FrontId, f.Addresses, f.Users, f.Tabs, f.Draining)).ToArray());

    private static async Task<IResult> DrainAsync(string front, IGrainFactory grains) =>
        (await AllAsync(grains)).FirstOrDefault(f => f.FrontId == front) is { } found
            ? TypedResults.Ok(new ReachedTabs(await found.Operations.Drain()))
            : Results.Problem($"There is no front '{front}': GET /admin/fronts lists them.", statusCode: StatusCodes.Status404NotFound);
}
