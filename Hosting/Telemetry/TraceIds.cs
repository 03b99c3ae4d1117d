using System.Diagnostics;
using Microsoft.Extensions.Configuration;

namespace Connections.Hosting.Telemetry;

/// <summary>
/// Takes the id of a request or message along to the silos, where the lines of the log that it leads to have it too. Costs an activity per
/// grain call, and is on only where somebody reads the ids: in JSON logs, or at a collector.
/// </summary>
public static class TraceIds
{
    /// <summary>Orleans' own source for calls between grains and their clients.</summary>
    internal const string GrainCalls = "Microsoft.Orleans.Application";

    private static readonly Lazy<ActivityListener> Listener = new(() =>
    {
        // Only the id is wanted: what is recorded and sent is decided by the traces' own sampler.
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == GrainCalls,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.PropagationData,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    });

    /// <summary>Whether this process takes them along, by its settings. Silos and fronts ask, and add Orleans' propagation.</summary>
    /// <param name="configuration">Where the options are.</param>
    public static bool AreTakenAlong(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var options = configuration.GetSection(TelemetryOptions.Section).Get<TelemetryOptions>() ?? new TelemetryOptions();
        if (options.JsonLogs)
            _ = Listener.Value;
        return options.IsTraced;
    }
}
