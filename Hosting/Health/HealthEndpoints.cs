using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Connections.Hosting.Health;

/// <summary>The health endpoints that every process has.</summary>
public static class HealthEndpoints
{
    /// <summary>The tag of the checks that decide whether a process is ready.</summary>
    public const string Ready = "ready";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Maps <c>/health/live</c> (the process answers), <c>/health/startup</c> (it has started) and <c>/health/ready</c> (it can take users; if
    /// not, why, in JSON).
    /// </summary>
    /// <param name="endpoints">Where to map them.</param>
    /// <param name="process">The services of the process that they are about.</param>
    internal static void MapHealth(this IEndpointRouteBuilder endpoints, IServiceProvider process)
    {
        endpoints.MapGet("/health/live", http => WriteAsync(http, new(true, []))).AllowAnonymous();
        endpoints.MapGet("/health/startup", http => WriteAsync(http, Started(process))).AllowAnonymous();
        endpoints.MapGet("/health/ready", async http => await WriteAsync(http, await ReadyAsync(process, http.RequestAborted))).AllowAnonymous();
    }

    private static Answer Started(IServiceProvider process) =>
        process.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.IsCancellationRequested
            ? new(true, [])
            : new(false, [new("start", false, "This process is starting.")]);

    private static async Task<Answer> ReadyAsync(IServiceProvider process, CancellationToken ct)
    {
        if (process.GetService<HealthCheckService>() is not { } checks)
            return Started(process);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        var report = await checks.CheckHealthAsync(c => c.Tags.Contains(Ready), limit.Token);
        var started = Started(process);
        return new(
            started.Well && report.Status is HealthStatus.Healthy,
            [.. started.Checks, .. report.Entries.Select(e => new Check(e.Key, e.Value.Status is HealthStatus.Healthy, e.Value.Description))]);
    }

    private static Task WriteAsync(HttpContext http, Answer answer)
    {
        http.Response.StatusCode = answer.Well ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        http.Response.Headers.CacheControl = "no-store";
        return http.Response.WriteAsJsonAsync(new
        {
            status = Word(answer.Well),
            checks = answer.Checks.ToDictionary(c => c.Name, c => new { status = Word(c.Well), why = c.Why }),
        });
    }

    private static string Word(bool well) => well ? "Healthy" : "Unhealthy";

    private sealed record Answer(bool Well, IReadOnlyList<Check> Checks);

    private sealed record Check(string Name, bool Well, string? Why);
}
