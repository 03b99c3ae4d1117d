using System.Globalization;
using Yarp.ReverseProxy.Forwarder;

namespace Connections.WebFront.Api;

/// <summary>The answers of the gateway itself under <c>/api</c>: problem documents (RFC 9457) that say who failed.</summary>
internal static class ApiProblems
{
    private const string TryAgainSeconds = "1";

    /// <summary>503: the breaker is open, and the backend was not asked.</summary>
    public static Task BreakerOpenAsync(HttpContext http, string route, TimeSpan retryAfter)
    {
        http.Response.Headers.RetryAfter = ((long)Math.Max(1, Math.Ceiling(retryAfter.TotalSeconds))).ToString(CultureInfo.InvariantCulture);
        return WriteAsync(
            http,
            StatusCodes.Status503ServiceUnavailable,
            $"The backend of '{route}' has failed too often: it is left alone for a while, and was not asked.",
            new() { ["reason"] = "breaker-open", ["breaker"] = route, ["retryAfterMs"] = (long)Math.Ceiling(retryAfter.TotalMilliseconds) });
    }

    /// <summary>503: it is the front that has no room, and the backend was not asked.</summary>
    public static Task FullAsync(HttpContext http)
    {
        http.Response.Headers.RetryAfter = TryAgainSeconds;
        return WriteAsync(
            http, StatusCodes.Status503ServiceUnavailable, "This front has as many connections as it may: come again, another one may take you.", new() { ["reason"] = "full" });
    }

    /// <summary>413.</summary>
    public static Task TooLargeAsync(HttpContext http, long limit) => WriteAsync(
        http, StatusCodes.Status413PayloadTooLarge, $"A request may have {limit} bytes at most.", new() { ["reason"] = "too-large" });

    /// <summary>502, 504, or what was wrong with the request.</summary>
    public static Task FailedAsync(HttpContext http, string route, IForwarderErrorFeature failure)
    {
        http.Response.Headers.Clear();
        switch (failure.Error)
        {
            case ForwarderError.RequestTimedOut:
                return WriteAsync(http, StatusCodes.Status504GatewayTimeout, $"The backend of '{route}' did not answer in time.", new() { ["reason"] = "timeout" });
            case ForwarderError.RequestBodyClient when BadRequestIn(failure.Exception) is { } bad:
                return WriteAsync(http, bad.StatusCode, bad.Message, new() { ["reason"] = "bad-request" });
            case ForwarderError.RequestBodyClient:
                return WriteAsync(http, StatusCodes.Status400BadRequest, "The request's body could not be read to its end.", new() { ["reason"] = "bad-request" });
            default:
                http.Response.Headers.RetryAfter = TryAgainSeconds;
                return WriteAsync(
                    http, StatusCodes.Status502BadGateway, $"The backend of '{route}' cannot be reached, or broke off.", new() { ["reason"] = "unreachable" });
        }
    }

    // The copy of the body and the call to the backend fail together, so there may be several.
    private static BadHttpRequestException? BadRequestIn(Exception? e) => e switch
    {
        null => null,
        BadHttpRequestException bad => bad,
        AggregateException several => several.InnerExceptions.Select(BadRequestIn).FirstOrDefault(b => b is not null),
        _ => BadRequestIn(e.InnerException),
    };

    private static Task WriteAsync(HttpContext http, int status, string detail, Dictionary<string, object?> more)
    {
        http.Response.Headers.CacheControl = "no-store";
        return Results.Problem(detail, statusCode: status, extensions: more).ExecuteAsync(http);
    }
}
