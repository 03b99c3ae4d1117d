using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Connections.Hosting.Telemetry;

/// <summary>Metrics and traces, collected by OpenTelemetry. What is measured is listed in <c>docs/metrics.md</c>.</summary>
internal static class TelemetrySetup
{
    // Ours begin with Connections; the others are those of the frameworks that say something about users' requests and the process.
    private static readonly string[] Meters =
        ["Connections.*", "System.Runtime", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.Orleans"];

    private static readonly string[] Sources = ["Connections.*", "Microsoft.AspNetCore", TraceIds.GrainCalls];

    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        var section = builder.Configuration.GetSection(TelemetryOptions.Section);
        builder.Services.AddOptions<TelemetryOptions>().Bind(section).ValidateDataAnnotations().ValidateOnStart();
        var options = section.Get<TelemetryOptions>() ?? new TelemetryOptions();
        var collector = Uri.TryCreate(options.OtlpEndpoint, UriKind.Absolute, out var endpoint) ? endpoint : null;

        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(r => r.AddService(builder.Environment.ApplicationName, serviceInstanceId: Environment.MachineName))
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(Meters)
                    .AddView(MetricStreams.Of)
                    .AddPrometheusExporter(o => o.ScrapeResponseCacheDurationMilliseconds = 0);
                if (collector is not null)
                    metrics.AddOtlpExporter(o => o.Endpoint = collector);
            });
        if (collector is not null)
        {
            telemetry.WithTracing(traces => traces
                .AddSource(Sources)
                .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(options.TraceRatio)))
                .AddOtlpExporter(o => o.Endpoint = collector));
        }
    }

    /// <summary>Maps <c>/metrics</c> in the form of Prometheus.</summary>
    public static void MapMetrics(this IEndpointRouteBuilder endpoints, IServiceProvider process) =>
        endpoints.MapPrometheusScrapingEndpoint("/metrics", process.GetRequiredService<MeterProvider>(), null, null).AllowAnonymous();
}
