using System.Diagnostics.Metrics;
using Connections.Core;
using Connections.WebFront.Sessions;
using Connections.WebFront.Wire;
using static Connections.WebFront.Telemetry.FrontTelemetry;

namespace Connections.WebFront.Telemetry;

/// <summary>Tabs of this front: how many of which kind, how they open, what they get and what they miss.</summary>
internal static class TabMetrics
{
    private static readonly UpDownCounter<int> Tabs = Instruments.CreateUpDownCounter<int>(
        "connections.tabs", "{tab}", "Tabs, by kind.");

    private static readonly Histogram<double> Lifetime = Instruments.CreateHistogram<double>(
        "connections.tab.lifetime", "s", "How long tabs were connected.");

    private static readonly Counter<long> Opens = Instruments.CreateCounter<long>(
        "connections.tab.opens", "{open}", "Opens, by outcome: fresh without a position, recovered, or why a resume was refused.");

    private static readonly Counter<long> Closes = Instruments.CreateCounter<long>(
        "connections.tab.closes", "{close}", "Tabs that this side closed, by reason.");

    private static readonly Counter<long> Refusals = Instruments.CreateCounter<long>(
        "connections.tab.refusals", "{request}", "New tabs that were refused because the front starts or stops or is full.");

    private static readonly Counter<long> Frames = Instruments.CreateCounter<long>(
        "connections.tab.frames", "{frame}", "Frames written to tabs and messages taken from them.");

    private static readonly Counter<long> Bytes = Instruments.CreateCounter<long>(
        "connections.tab.io", "By", "Their payloads.");

    private static readonly Histogram<double> Delivery = Instruments.CreateHistogram<double>(
        "connections.tab.delivery.duration", "s", "From the moment the owner had a live frame until it was written to a tab.");

    private static readonly Counter<long> Gaps = Instruments.CreateCounter<long>(
        "connections.tab.gaps", "{gap}", "Gaps that tabs were told of, by reason.");

    /// <summary>Says zero of what is rare: a counter that appears with its first event shows no growth, and no alert sees it.</summary>
    public static void Begin()
    {
        Refusals.Add(0);
        Closes.Add(0, Kind("signalr"), Tag("connections.close.reason", "going-away"));
        Gaps.Add(0, Tag("connections.gap.reason", WireNames.Of(Refusal.EpochChanged)));
    }

    public static void Attached(string kind) => Tabs.Add(1, Kind(kind));

    public static void Left(string kind, TimeSpan after)
    {
        Tabs.Add(-1, Kind(kind));
        Lifetime.Record(after.TotalSeconds, Kind(kind));
    }

    public static void Opened(string kind, bool resumed, OpenOutcome? outcome) =>
        Opens.Add(1, Kind(kind), Tag("connections.open.outcome", outcome switch
        {
            null => "unavailable",
            { Gap: { } gap } => WireNames.Of(gap.Reason),
            { Recovered: true } => "recovered",
            _ => resumed ? "not-recovered" : "fresh",
        }));

    public static void Closed(string kind, string reason) => Closes.Add(1, Kind(kind), Tag("connections.close.reason", reason));

    public static void Refused() => Refusals.Add(1);

    public static void Missed(Refusal reason) => Gaps.Add(1, Tag("connections.gap.reason", WireNames.Of(reason)));

    public static void Wrote(string kind, FrameRange range, DateTimeOffset now, bool live)
    {
        Count(kind, "transmit", range.Frames.Length, range.Bytes);
        if (live)
            Delivery.Record(Math.Max(0, now.ToUnixTimeMilliseconds() - range.Frames[0].At) / 1000.0, Kind(kind));
    }

    public static void Took(string kind, int bytes) => Count(kind, "receive", 1, bytes);

    private static void Count(string kind, string direction, int frames, long bytes)
    {
        var tag = Tag("network.io.direction", direction);
        Frames.Add(frames, Kind(kind), tag);
        Bytes.Add(bytes, Kind(kind), tag);
    }

    private static KeyValuePair<string, object?> Kind(string kind) => Tag("connections.tab.kind", kind);
}
