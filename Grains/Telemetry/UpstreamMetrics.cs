using System.Diagnostics.Metrics;
using Connections.Core;
using Connections.Grains.Abstractions.State;
using static Connections.Grains.Telemetry.GrainTelemetry;

namespace Connections.Grains.Telemetry;

/// <summary>Upstreams of this silo: how they stand, how they are dialled, what they carry.</summary>
internal static class UpstreamMetrics
{
    private static readonly UpDownCounter<int> Upstreams = Instruments.CreateUpDownCounter<int>(
        "connections.upstreams", "{upstream}", "Upstreams, by how they stand.");

    private static readonly Counter<long> Dials = Instruments.CreateCounter<long>(
        "connections.upstream.dials", "{dial}", "Dials that ended, by outcome.");

    private static readonly Histogram<double> DialDuration = Instruments.CreateHistogram<double>(
        "connections.upstream.dial.duration", "s", "How long dials took.");

    private static readonly Histogram<double> DialWait = Instruments.CreateHistogram<double>(
        "connections.upstream.dial.wait.duration", "s", "How long users waited for the dial budget.");

    private static readonly Counter<long> Closes = Instruments.CreateCounter<long>(
        "connections.upstream.closes", "{close}", "Upstreams that ended, by who ended them.");

    private static readonly Histogram<double> Lifetime = Instruments.CreateHistogram<double>(
        "connections.upstream.lifetime", "s", "How long upstreams were open.");

    private static readonly Counter<long> Frames = Instruments.CreateCounter<long>(
        "connections.upstream.frames", "{frame}", "Messages received from and written to upstreams.");

    private static readonly Counter<long> Bytes = Instruments.CreateCounter<long>(
        "connections.upstream.io", "By", "Their payloads.");

    public static void Added(UpstreamStatus status) => Upstreams.Add(1, State(status));

    public static void Changed(UpstreamStatus from, UpstreamStatus to)
    {
        if (from == to)
            return;
        Upstreams.Add(-1, State(from));
        Upstreams.Add(1, State(to));
    }

    public static void Removed(UpstreamStatus status) => Upstreams.Add(-1, State(status));

    public static void Dialled(DialResult result, TimeSpan took)
    {
        var outcome = Tag("connections.dial.outcome", Words.Of(result));
        Dials.Add(1, outcome);
        DialDuration.Record(took.TotalSeconds, outcome);
    }

    public static void Waited(TimeSpan time) => DialWait.Record(time.TotalSeconds);

    public static void Closed(string by, TimeSpan open)
    {
        Closes.Add(1, Tag("connections.closed_by", by));
        Lifetime.Record(open.TotalSeconds);
    }

    public static void Received(int bytes) => Count(bytes, "receive");

    public static void Sent(int bytes) => Count(bytes, "transmit");

    /// <summary>The budget's own figures, until the answer is disposed.</summary>
    public static IDisposable Observe(DialBudget budget)
    {
        var meter = new Meter(Name);
        meter.CreateObservableGauge("connections.upstream.dials.waiting", () => budget.Waiting, "{dial}", "Users in line for the dial budget.");
        meter.CreateObservableGauge("connections.upstream.dials.active", () => budget.Dialling, "{dial}", "Dials under way.");
        meter.CreateObservableGauge("connections.upstream.dial.limit", () => budget.Rate, "{dial}/s", "This silo's share of the dial budget.");
        return meter;
    }

    private static void Count(int bytes, string direction)
    {
        var tag = Tag("network.io.direction", direction);
        Frames.Add(1, tag);
        Bytes.Add(bytes, tag);
    }

    private static KeyValuePair<string, object?> State(UpstreamStatus status) => Tag("connections.upstream.state", Words.Of(status));
}
