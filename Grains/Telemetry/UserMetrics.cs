using System.Diagnostics.Metrics;
using static Connections.Grains.Telemetry.GrainTelemetry;

namespace Connections.Grains.Telemetry;

/// <summary>Users of this silo: how many live here, how they came and went, and who lost them.</summary>
internal static class UserMetrics
{
    private static readonly UpDownCounter<int> Users = Instruments.CreateUpDownCounter<int>(
        "connections.users", "{user}", "Users whose grain is active on this silo.");

    private static readonly Counter<long> Activations = Instruments.CreateCounter<long>(
        "connections.user.activations", "{activation}", "Activations of users' grains.");

    private static readonly Counter<long> HandOvers = Instruments.CreateCounter<long>(
        "connections.user.hand_overs", "{user}", "Users handed over to other silos, by cause.");

    private static readonly Counter<long> Conflicts = Instruments.CreateCounter<long>(
        "connections.owner.conflicts", "{conflict}", "Users that another silo owned meanwhile: the fence at work.");

    private static readonly Counter<long> StoreWrites = Instruments.CreateCounter<long>(
        "connections.store.writes", "{write}", "Writes of users' state that are stored, but for the one by which an owner begins.");

    private static readonly Counter<long> StoreFailures = Instruments.CreateCounter<long>(
        "connections.store.failures", "{write}", "Writes of users' state that failed.");

    /// <summary>Says zero of what is rare: a counter that appears with its first event shows no growth, and no alert sees it.</summary>
    public static void Begin()
    {
        HandedOver("drain", 0);
        HandedOver("rebalance", 0);
        Conflicts.Add(0);
        StoreWrites.Add(0);
        StoreFailures.Add(0);
    }

    public static void Activated()
    {
        Users.Add(1);
        Activations.Add(1);
    }

    public static void Deactivated() => Users.Add(-1);

    public static void HandedOver(string cause, int users = 1) => HandOvers.Add(users, Tag("connections.hand_over.cause", cause));

    public static void OwnerLost() => Conflicts.Add(1);

    public static void Stored() => StoreWrites.Add(1);

    public static void StoreFailed() => StoreFailures.Add(1);
}
