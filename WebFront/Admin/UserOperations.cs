using System.Text;
using Connections.Core;
using Connections.Grains.Abstractions.Operating;
using Connections.Grains.Abstractions.Streams;
using Connections.WebFront.Wire;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Connections.WebFront.Admin;

/// <summary>What operators ask and do about a user.</summary>
internal static class UserOperations
{
    /// <summary>Maps them.</summary>
    public static void MapUserOperations(this RouteGroupBuilder admin)
    {
        var user = admin.MapGroup("/users/{user}").AddEndpointFilter(CheckUserAsync);
        user.MapGet("", ExplainAsync).WithSummary("Explains a user: owner, upstream, breaker, outbox, fronts, tabs with their lag").ProducesProblem(StatusCodes.Status400BadRequest);
        user.MapPost("/breaker/{command}", CommandAsync)
            .WithSummary("Resets a user's breaker, or holds it open or closed until a reset").Produces<WireState>().ProducesProblem(StatusCodes.Status400BadRequest);
        user.MapPost("/disconnect", DisconnectAsync).WithSummary("Closes a user's tabs for good (4502) and the upstream").ProducesProblem(StatusCodes.Status400BadRequest);
        user.MapPost("/revoke", RevokeAsync).WithSummary("Revokes all tokens that a user got until now: closes what they opened (4501), and refuses them").ProducesProblem(StatusCodes.Status400BadRequest);
        user.MapPost("/push", PushAsync).WithSummary("Pushes a message to a user's tabs, as a frame").Produces(StatusCodes.Status202Accepted).ProducesProblem(StatusCodes.Status400BadRequest);
    }

    private static async ValueTask<object?> CheckUserAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        UserId.TryParse(context.HttpContext.Request.RouteValues["user"] as string, out _)
            ? await next(context)
            : TypedResults.Problem(
                "This is not a user id: 1 to 128 of A-Z a-z 0-9 _ . @ -, and not '.' or '..'.", statusCode: StatusCodes.Status400BadRequest);

    private static async Task<Ok<ExplainedUser>> ExplainAsync(string user, IGrainFactory grains, TimeProvider time)
    {
        var x = await grains.GetGrain<IUserOperations>(user).Explain();
        var fronts = (await FrontEndpoints.AllAsync(grains)).ToDictionary(f => f.FrontId);
        var explained = await Task.WhenAll(x.Fronts.Select(async f => new ExplainedFront(
            f.FrontId, Math.Max(0, x.State.Top - f.Acknowledged), fronts.TryGetValue(f.FrontId, out var front) ? await TabsAsync(front, user) : null)));
        return TypedResults.Ok(new ExplainedUser(
            user,
            x.Silo,
            WireState.From(x.State, time.GetUtcNow()),
            x.BreakerDetail,
            ExplainedMove.Of(x.BreakerHistory),
            new ExplainedOutbox(x.OutboxMessages, x.OutboxBytes),
            explained));
    }

    private static async Task<IReadOnlyList<TabExplanation>?> TabsAsync(FrontHello front, string user)
    {
        try
        {
            return await front.Operations.Tabs(user);
        }
        catch (Exception e) when (e is TimeoutException or OrleansException)
        {
            return null;
        }
    }

    private static async Task<IResult> CommandAsync(HttpContext http, string user, string command, IGrainFactory grains, TimeProvider time, AdminReason? body)
    {
        if (!BreakerCommands.TryRead(command, out var what, out var problem))
            return problem;
        var operations = grains.GetGrain<IUserOperations>(user);
        await operations.Command(what, BreakerCommands.Detail(http, body));
        return TypedResults.Ok(WireState.From((await operations.Explain()).State, time.GetUtcNow()));
    }

    // The fronts first: one that still had a session would attach again and bring the connection back.
    private static async Task<Ok<ReachedTabs>> DisconnectAsync(string user, IGrainFactory grains)
    {
        var operations = grains.GetGrain<IUserOperations>(user);
        var attached = (await operations.Explain()).Fronts.Select(f => f.FrontId).ToHashSet();
        var fronts = (await FrontEndpoints.AllAsync(grains)).Where(f => attached.Contains(f.FrontId));
        var closed = await Task.WhenAll(fronts.Select(f => f.Operations.Disconnect(user)));
        await operations.Disconnect();
        return TypedResults.Ok(new ReachedTabs(closed.Sum()));
    }

    // All tokens that the user has until now. First the fronts, as with a disconnect; who has no tab may still have an upstream that lingers.
    private static async Task<Ok<RevokedTokens>> RevokeAsync(HttpContext http, string user, TokenRevoker revoker, IGrainFactory grains, AdminReason? body)
    {
        var revoked = await revoker.RevokeAsync(user, null, BreakerCommands.Detail(http, body));
        await grains.GetGrain<IUserOperations>(user).Disconnect();
        return TypedResults.Ok(revoked);
    }

    private static async Task<IResult> PushAsync(string user, IClusterClient cluster, PushedMessage message)
    {
        if (message.Text is null == message.Data is null)
        {
            return Results.Problem(
                "A message has either a text or data: {\"text\":\"hello\"} would be right.", statusCode: StatusCodes.Status400BadRequest);
        }

        await cluster.GetStreamProvider(StreamNames.Provider)
            .GetStream<InboxMessage>(StreamId.Create(StreamNames.Inbox, user))
            .OnNextAsync(new InboxMessage(message.Text is not null, message.Data ?? Encoding.UTF8.GetBytes(message.Text!)));
        return TypedResults.Accepted((string?)null);
    }
}
