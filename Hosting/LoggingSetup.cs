using Connections.Hosting.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Connections.Hosting;

/// <summary>What the log says by default.</summary>
public static class LoggingSetup
{
    private const string Time = "HH:mm:ss.fff ";

    // Settings and not filters in code, which would win over what an operator sets.
    private static readonly MemoryConfigurationSource Defaults = new()
    {
        InitialData =
        [
            Level("Microsoft", LogLevel.Warning),
            Level("Orleans", LogLevel.Warning),

            // A line or more for each request that cannot be brought to its grain: whoever asks is told, and a front says once that there is no silo.
            Level("Orleans.Messaging", LogLevel.Critical),
            Level("Microsoft.AspNetCore.DataProtection", LogLevel.Error),
            Level("Orleans.Runtime.Watchdog", LogLevel.Error),

            // What is unwell stands in the answer; a probe a second must not fill the log.
            Level("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.Critical),

            // Each try of Orleans to place a grain, with its stack: whoever asked for the grain is told, and says so.
            Level("Polly", LogLevel.Critical),

            // Two lines a request.
            Level("Yarp", LogLevel.Warning),
            Level("Microsoft.Hosting.Lifetime", LogLevel.Information),

            // A reader of the output that has fallen behind must not hold up what is logged about: the framework's default waits for it, with every
            // thread that has something to say. What is left out is counted in the output.
            new($"Logging:Console:{nameof(ConsoleLoggerOptions.QueueFullMode)}", nameof(ConsoleLoggerQueueFullMode.DropWrite)),
        ],
    };

    /// <summary>One line an entry; of the frameworks only warnings, and no token at any level.</summary>
    public static void AddQuietLogging(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ((IConfigurationBuilder)builder.Configuration).Sources.Insert(0, Defaults);
        if (builder.Configuration.GetSection(TelemetryOptions.Section).GetValue<bool>(nameof(TelemetryOptions.JsonLogs)))
        {
            // The trace id is what joins the lines of one request or message, over all processes that it went through.
            builder.Logging.Configure(o => o.ActivityTrackingOptions = ActivityTrackingOptions.TraceId | ActivityTrackingOptions.SpanId);
            builder.Logging.AddJsonConsole(o =>
            {
                o.IncludeScopes = true;
                o.TimestampFormat = "O";
                o.UseUtcTimestamp = true;
            });
        }
        else
        {
            builder.Logging.AddSimpleConsole(o => (o.SingleLine, o.TimestampFormat, o.UseUtcTimestamp) = (true, Time, true));
        }

        builder.Services.HideTokens();
    }

    private static KeyValuePair<string, string?> Level(string category, LogLevel level) => new($"Logging:LogLevel:{category}", level.ToString());
}
