using Connections.Grains.Abstractions.Operating;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Connections.WebFront.Admin;

/// <summary>What operators ask and do about tokens; all tokens of a user are among the user's operations.</summary>
internal static class TokenOperations
{
    private const int LongestId = 256;

    /// <summary>Maps them.</summary>
    public static void MapTokenOperations(this RouteGroupBuilder admin)
    {
        admin.MapGet("/revocations", ListAsync).WithSummary("The revocations that still count");
        admin.MapPost("/tokens/{id}/revoke", RevokeAsync)
            .WithSummary("Revokes one token by its id (jti): closes what it opened (4501), and refuses it")
            .Produces<RevokedTokens>().ProducesProblem(StatusCodes.Status400BadRequest);
    }

    private static async Task<Ok<ListedRevocation[]>> ListAsync(IGrainFactory grains) =>
        TypedResults.Ok((await grains.GetGrain<IRevocationGrain>(0).Read(null))!.All
            .Select(r => new ListedRevocation(r.UserId, r.TokenId, r.At, r.Until, r.Detail)).ToArray());

    private static async Task<IResult> RevokeAsync(HttpContext http, string id, TokenRevoker revoker, AdminReason? body) =>
        id.Length > LongestId || id.Any(char.IsControl)
            ? Results.Problem($"This is not a token's id: 1 to {LongestId} characters, as in its claim jti.", statusCode: StatusCodes.Status400BadRequest)
            : TypedResults.Ok(await revoker.RevokeAsync(null, id, BreakerCommands.Detail(http, body)));
}
