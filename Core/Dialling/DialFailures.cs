namespace Connections.Core;

/// <summary>Says whom a failed dial concerns. The dialler asks it once for each dial and reports to both breakers accordingly.</summary>
public static class DialFailures
{
    /// <summary>The one place that decides between the user and the backend.</summary>
    /// <remarks>A 4xx (401, 403, 404, 429 ...) is about this user. Everything else that opens no WebSocket is about the backend: no
    /// connection, no answer, a 5xx (a 503 with or without <c>Retry-After</c>), and also a 2xx or 3xx, since redirects are never
    /// followed and whoever answers so does not serve WebSockets at this address.</remarks>
    /// <param name="outcome">What came of the dial.</param>
    /// <returns>Whom it concerns.</returns>
    public static FailureScope ScopeOf(DialOutcome outcome) => outcome.Result switch
    {
        DialResult.Opened or DialResult.GivenUp => FailureScope.None,
        DialResult.Refused when outcome.Status is >= 400 and <= 499 => FailureScope.User,
        _ => FailureScope.Upstream,
    };
}
