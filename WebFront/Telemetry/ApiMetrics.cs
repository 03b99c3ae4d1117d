using System.Diagnostics.Metrics;
using static Connections.WebFront.Telemetry.FrontTelemetry;

namespace Connections.WebFront.Telemetry;

/// <summary>Calls under <c>/api</c>, by route: what came of them, and how long the backend took to answer.</summary>
internal static class ApiMetrics
{
    private static readonly Counter<long> Calls = Instruments.CreateCounter<long>(
        "connections.api.calls", "{call}", "Calls to backends under /api by route and outcome; one that is tried twice counts twice.");

    private static readonly Histogram<double> Latency = Instruments.CreateHistogram<double>(
        "connections.api.call.duration", "s", "From the call to the beginning of the backend's answer.");

    /// <summary>Says zero of a route: a counter that appears with its first failure shows no growth, and no alert sees it.</summary>
    public static void Begin(string route)
    {
        foreach (var outcome in (string[])["success", "failure", "breaker-open"])
            Count(route, outcome, 0);
    }

    public static void Succeeded(string route, TimeSpan took)
    {
        Count(route, "success");
        Latency.Record(took.TotalSeconds, Route(route));
    }

    public static void Failed(string route) => Count(route, "failure");

    public static void GivenUp(string route) => Count(route, "given-up");

    public static void Refused(string route) => Count(route, "breaker-open");

    private static void Count(string route, string outcome, int calls = 1) => Calls.Add(calls, Route(route), Tag("connections.api.outcome", outcome));

    private static KeyValuePair<string, object?> Route(string route) => Tag("connections.api.route", route);
}
