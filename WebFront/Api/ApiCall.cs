using Connections.WebFront.Telemetry;
using Yarp.ReverseProxy.Forwarder;

namespace Connections.WebFront.Api;

/// <summary>One try of one request: reports its outcome to the route's breaker, once, and as soon as the backend's answer begins: a stream may take hours.</summary>
internal sealed class ApiCall(string route, RoutePermit permit, TimeProvider time)
{
    private readonly long _began = time.GetTimestamp();
    private bool _reported;

    /// <summary>The answer has begun; null when there is none.</summary>
    public void Answered(HttpResponseMessage? answer)
    {
        if (answer is null || _reported)
            return;
        _reported = true;
        var status = (int)answer.StatusCode;
        var took = time.GetElapsedTime(_began);
        if (status is >= 500 and not (501 or 505))
        {
            ApiMetrics.Failed(route);
            permit.Failed($"status {status}", RetryAfter(answer), took);
        }
        else
        {
            ApiMetrics.Succeeded(route, took);
            permit.Succeeded(took);
        }
    }

    /// <summary>The try has ended.</summary>
    public void Ended(ForwarderError error, string? detail)
    {
        if (_reported)
            return;
        _reported = true;
        if (error is ForwarderError.Request or ForwarderError.RequestTimedOut or ForwarderError.RequestBodyDestination
            or ForwarderError.ResponseHeaders or ForwarderError.NoAvailableDestinations)
        {
            ApiMetrics.Failed(route);
            permit.Failed(detail ?? $"{error}", null, time.GetElapsedTime(_began));
        }
        else
        {
            ApiMetrics.GivenUp(route);
            permit.GivenUp();
        }
    }

    private TimeSpan? RetryAfter(HttpResponseMessage answer) =>
        answer.Headers.RetryAfter is not { } asked ? null : asked.Delta ?? (asked.Date is { } date ? date - time.GetUtcNow() : null);
}
