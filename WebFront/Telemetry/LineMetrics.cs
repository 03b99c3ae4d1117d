using System.Diagnostics.Metrics;
using static Connections.WebFront.Telemetry.FrontTelemetry;

namespace Connections.WebFront.Telemetry;

/// <summary>TCP connections of this front, of tabs and of everything else.</summary>
internal static class LineMetrics
{
    private static readonly UpDownCounter<int> Lines = Instruments.CreateUpDownCounter<int>(
        "connections.lines", "{connection}", "TCP connections to this front, and from it to the backends of `/api`.");

    private static readonly Counter<long> Refusals = Instruments.CreateCounter<long>(
        "connections.line.refusals", "{connection}", "Connections that were closed at once because the front had as many as it may.");

    /// <summary>Says zero of what is rare: a counter that appears with its first event shows no growth, and no alert sees it.</summary>
    public static void Begin() => Refusals.Add(0);

    public static void Entered() => Lines.Add(1);

    public static void Left() => Lines.Add(-1);

    public static void Refused() => Refusals.Add(1);
}
