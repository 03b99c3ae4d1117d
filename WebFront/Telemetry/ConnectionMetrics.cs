using System.Diagnostics.Metrics;
using static Connections.WebFront.Telemetry.FrontTelemetry;

namespace Connections.WebFront.Telemetry;

/// <summary>Connections of this front, whatever they become.</summary>
internal static class ConnectionMetrics
{
    private static readonly Counter<long> Refusals = Instruments.CreateCounter<long>(
        "connections.front.refusals", "{connection}", "Connections that were ended at once because the front has as many as it can hold.");

    /// <summary>Says zero of what is rare: a counter that appears with its first event shows no growth, and no alert sees it.</summary>
    public static void Begin() => Refusals.Add(0);

    public static void Refused() => Refusals.Add(1);
}
