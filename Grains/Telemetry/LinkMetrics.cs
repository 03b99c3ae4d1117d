using System.Diagnostics.Metrics;
using static Connections.Grains.Telemetry.GrainTelemetry;

namespace Connections.Grains.Telemetry;

/// <summary>The ways from this silo to fronts.</summary>
internal static class LinkMetrics
{
    private static readonly UpDownCounter<int> Links = Instruments.CreateUpDownCounter<int>(
        "connections.links", "{link}", "Links to fronts.");

    private static readonly UpDownCounter<int> Lagging = Instruments.CreateUpDownCounter<int>(
        "connections.links.lagging", "{link}", "Links whose front has failed to take a batch and is being asked again.");

    private static readonly Counter<long> Batches = Instruments.CreateCounter<long>(
        "connections.link.batches", "{batch}", "Batches sent to fronts, by outcome; an empty one is a heartbeat.");

    private static readonly Histogram<double> BatchDuration = Instruments.CreateHistogram<double>(
        "connections.link.batch.duration", "s", "How long links waited for fronts to acknowledge batches that had frames; 0 when the answer was there before there was a next batch.");

    private static readonly Counter<long> Frames = Instruments.CreateCounter<long>(
        "connections.link.frames", "{frame}", "Frames that fronts have acknowledged.");

    private static readonly Counter<long> Losses = Instruments.CreateCounter<long>(
        "connections.link.losses", "{link}", "Fronts that were given up because they did not answer.");

    /// <summary>Says zero of what is rare: a counter that appears with its first event shows no growth, and no alert sees it.</summary>
    public static void Begin()
    {
        Lagging.Add(0);
        Losses.Add(0);
    }

    public static void Opened() => Links.Add(1);

    public static void Ended(bool lost)
    {
        Links.Add(-1);
        if (lost)
            Losses.Add(1);
    }

    public static void Acknowledged(int frames, TimeSpan waited)
    {
        Batches.Add(1, Tag("connections.link.outcome", "acknowledged"));
        if (frames == 0)
            return;
        Frames.Add(frames);
        BatchDuration.Record(waited.TotalSeconds);
    }

    public static void Failed() => Batches.Add(1, Tag("connections.link.outcome", "failed"));

    public static void Lags() => Lagging.Add(1);

    public static void CaughtUp() => Lagging.Add(-1);
}
