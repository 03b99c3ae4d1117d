using Connections.Core;
using Connections.WebFront.Identity;
using Connections.WebFront.Lines;
using Connections.WebFront.Telemetry;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace Connections.WebFront.Api;

/// <summary>What every request under <c>/api</c> passes: the route's breaker, and after a failure the decision to try again or to say what failed.</summary>
internal sealed class ApiGate(RouteBreakers breakers, TokenLeases leases, ConnectionRoom room, IOptions<ApiOptions> options, TimeProvider time)
{
    private readonly RetryBudget _budget = new(options.Value.RetryRatio);

    /// <summary>Passes one request.</summary>
    public async Task PassAsync(HttpContext http, RequestDelegate next)
    {
        if (http.Request.ContentLength > options.Value.MaxRequestBytes)
        {
            await ApiProblems.TooLargeAsync(http, options.Value.MaxRequestBytes);
            return;
        }

        // It may need a connection to the backend.
        if (room.IsShort)
        {
            await ApiProblems.FullAsync(http);
            return;
        }

        // Answers may go on for long, WebSockets and streams: they end with the token that they came by.
        using var lease = http.User.Identity?.IsAuthenticated == true ? leases.Hold(Caller.Of(http), http.Abort) : null;
        var proxy = http.GetReverseProxyFeature();
        var breaker = breakers.Of(proxy.Route.Config.RouteId);
        _budget.Earn();
        while (true)
        {
            var permit = await breaker.AcquireAsync();
            if (!permit.Allowed)
            {
                ApiMetrics.Refused(breaker.Name);
                await ApiProblems.BreakerOpenAsync(http, breaker.Name, permit.RetryAfter);
                return;
            }

            var call = new ApiCall(breaker.Name, permit, time);
            http.Features.Set(call);
            await next(http);
            if (http.Features.Get<IForwarderErrorFeature>() is not { Error: not ForwarderError.None } failure)
            {
                call.Ended(ForwarderError.None, null);
                return;
            }

            call.Ended(failure.Error, failure.Exception?.GetBaseException().Message);
            if (http.Response.HasStarted || http.RequestAborted.IsCancellationRequested)
                return;
            if (permit.IsProbe || !MayRepeat(http, failure.Error) || !_budget.TrySpend())
            {
                await ApiProblems.FailedAsync(http, breaker.Name, failure);
                return;
            }

            StartAnew(http, proxy);
        }
    }

    // What never reached the backend whole, or was lost with the connection, may be repeated if doing it twice is the same as doing it once.
    private static bool MayRepeat(HttpContext http, ForwarderError error) =>
        error is ForwarderError.Request
        && (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method) || HttpMethods.IsOptions(http.Request.Method)
            || HttpMethods.IsPut(http.Request.Method) || HttpMethods.IsDelete(http.Request.Method))
        && http.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true };

    // Another address first, where there is one.
    private static void StartAnew(HttpContext http, IReverseProxyFeature proxy)
    {
        var failed = proxy.ProxiedDestination;
        var others = proxy.AllDestinations.Where(d => d != failed).ToArray();
        proxy.AvailableDestinations = others.Length > 0 ? others : proxy.AllDestinations;
        proxy.ProxiedDestination = null;
        http.Response.Clear();
        http.Features.Set<IForwarderErrorFeature>(null);
    }
}
