using System.Diagnostics.Metrics;
using Connections.Core;
using static Connections.Grains.Telemetry.GrainTelemetry;

namespace Connections.Grains.Telemetry;

/// <summary>Messages from tabs on their way to upstreams.</summary>
internal static class OutboxMetrics
{
    private static readonly UpDownCounter<int> Depth = Instruments.CreateUpDownCounter<int>(
        "connections.outbox.messages", "{message}", "Messages that wait or are under way.");

    private static readonly Counter<long> Settled = Instruments.CreateCounter<long>(
        "connections.outbox.outcomes", "{message}", "Messages by their final status.");

    /// <summary>Says zero of what is rare: a counter that appears with its first event shows no growth, and no alert sees it.</summary>
    public static void Begin()
    {
        Depth.Add(0);
    }

    /// <summary>The depth of one outbox changed.</summary>
    /// <param name="known">What was told before; becomes <paramref name="now"/>.</param>
    /// <param name="now">The depth.</param>
    public static void DepthIs(ref int known, int now)
    {
        if (now != known)
            Depth.Add(now - known);
        known = now;
    }

    public static void Ended(OutboxVerdict verdict)
    {
        if (verdict.Status is not OutboxStatus.Queued)
            Settled.Add(1, Tag("connections.outbox.status", Words.Of(verdict.Status)), Tag("connections.outbox.reason", Words.Of(verdict.Rejection)));
    }
}
