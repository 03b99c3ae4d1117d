using System.Globalization;

namespace Connections.WebFront.Sse;

/// <summary>The answer when the owner of a user cannot be reached: 503, and when to try again.</summary>
internal static class Unreachable
{
    private const int RetryAfterSeconds = 2;

    /// <summary>Makes it.</summary>
    public static IResult Answer(HttpContext http, string why)
    {
        http.Response.Headers.RetryAfter = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        return Results.Problem(why, statusCode: StatusCodes.Status503ServiceUnavailable);
    }
}
