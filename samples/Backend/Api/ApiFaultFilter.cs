using Connections.Backend.Faults;
using Connections.Backend.Stats;

namespace Connections.Backend.Api;

/// <summary>Counts each API call and applies the API fault.</summary>
internal sealed class ApiFaultFilter(FaultSwitch faults, Totals totals, TimeProvider clock, IHostApplicationLifetime lifetime)
    : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        totals.ApiCalls.Add();
        var http = context.HttpContext;
        var fault = faults.Current.Fault;
        switch (fault.Api)
        {
            case ApiFault.Fail:
                fault.AddRetryAfter(http.Response);
                return TypedResults.Problem("The fault 'api: fail' is switched on.", statusCode: fault.Status);
            case ApiFault.Slow:
                await Waiting.ForAsync(TimeSpan.FromSeconds(fault.ApiDelaySeconds), clock, http, lifetime);
                return await next(context);
            case ApiFault.Abort:
                http.Abort();
                return Results.Empty;
            default:
                return await next(context);
        }
    }
}
