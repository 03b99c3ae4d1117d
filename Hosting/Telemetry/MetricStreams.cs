using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;

namespace Connections.Hosting.Telemetry;

/// <summary>How each instrument is kept: its buckets, and how many series it may have.</summary>
internal static class MetricStreams
{
    // Each stream has room for all its series from the start. With the library's 2,000 that was 57 MB on a silo, which has 300 streams and in none more than some
    // dozen series; requests are counted by route, method and status. Most streams are Orleans' own, which have a series or two, or one for each silo.
    private const int Series = 250;
    private const int SeriesOfOrleans = 120;
    private const int SeriesOfRequests = 2_000;

    private const string Orleans = "Microsoft.Orleans";
    private const string Requests = "http.server.request.duration";

    // From a fast local delivery to a tab that is about to be given up.
    private static readonly double[] SecondsOfDelivery =
        [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

    // From a reload to a day.
    private static readonly double[] SecondsOfLife = [1, 5, 15, 60, 300, 900, 3_600, 14_400, 43_200, 86_400];

    /// <summary>The view of an instrument. What has no buckets of its own here keeps those that its meter advises.</summary>
    public static MetricStreamConfiguration Of(Instrument instrument) => instrument.Name switch
    {
        Requests => new MetricStreamConfiguration { CardinalityLimit = SeriesOfRequests },
        var name when IsOurs(name, ".delivery.duration") => new ExplicitBucketHistogramConfiguration { Boundaries = SecondsOfDelivery, CardinalityLimit = Series },
        var name when IsOurs(name, ".lifetime") => new ExplicitBucketHistogramConfiguration { Boundaries = SecondsOfLife, CardinalityLimit = Series },
        _ => new MetricStreamConfiguration { CardinalityLimit = instrument.Meter.Name is Orleans ? SeriesOfOrleans : Series },
    };

    private static bool IsOurs(string name, string kind) => name.StartsWith("connections.", StringComparison.Ordinal) && name.EndsWith(kind, StringComparison.Ordinal);
}
