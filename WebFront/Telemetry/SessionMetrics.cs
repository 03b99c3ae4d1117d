using System.Diagnostics.Metrics;
using static Connections.WebFront.Telemetry.FrontTelemetry;

namespace Connections.WebFront.Telemetry;

/// <summary>Users on this front, and how the front keeps up with their owners.</summary>
internal static class SessionMetrics
{
    private static readonly UpDownCounter<int> Sessions = Instruments.CreateUpDownCounter<int>(
        "connections.sessions", "{session}", "Users with a tab on this front.");

    private static readonly Counter<long> Attaches = Instruments.CreateCounter<long>(
        "connections.session.attaches", "{attach}", "Attaches to owners, by outcome.");

    private static readonly UpDownCounter<int> Waiting = Instruments.CreateUpDownCounter<int>(
        "connections.session.attaches.waiting", "{attach}", "Attaches that wait for their turn.");

    private static readonly Counter<long> Repairs = Instruments.CreateCounter<long>(
        "connections.session.repairs", "{repair}", "Holes in what was pushed that were filled from the owner's log.");

    private static readonly Counter<long> SilentSilos = Instruments.CreateCounter<long>(
        "connections.silo.silences", "{silo}", "Silos that fell silent, so that their users were attached anew.");

    /// <summary>Says zero of what is rare: a counter that appears with its first event shows no growth, and no alert sees it.</summary>
    public static void Begin()
    {
        Waiting.Add(0);
        Repairs.Add(0);
        SilentSilos.Add(0);
    }

    public static void Began() => Sessions.Add(1);

    public static void Ended() => Sessions.Add(-1);

    public static void Attached(bool succeeded) => Attaches.Add(1, Tag("connections.attach.outcome", succeeded ? "success" : "failure"));

    public static void WaitsToAttach(int more) => Waiting.Add(more);

    public static void Repaired() => Repairs.Add(1);

    public static void SiloSilent() => SilentSilos.Add(1);
}
