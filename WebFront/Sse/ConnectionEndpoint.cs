using Connections.Grains.Abstractions;
using Connections.WebFront.Identity;
using Connections.WebFront.Wire;

namespace Connections.WebFront.Sse;

/// <summary>Answers how one's own connection stands.</summary>
internal static class ConnectionEndpoint
{
    /// <summary>Asks the owner.</summary>
    public static async Task<IResult> GetAsync(HttpContext http, IGrainFactory grains, TimeProvider time)
    {
        var user = http.User.UserId();
        try
        {
            var state = await grains.GetGrain<IUserConnectionGrain>(user.Value).GetState();
            http.Response.Headers.CacheControl = "no-store";
            return TypedResults.Ok(new { user = user.Value, state = WireState.From(state, time.GetUtcNow()) });
        }
        catch (Exception e) when (e is TimeoutException or OrleansException)
        {
            return Unreachable.Answer(http, $"The connection of {user} could not be reached in time.");
        }
    }
}
