using Connections.Faults.Tests.Stage;
using Connections.Testing;
using Connections.Testing.Processes;

namespace Connections.Faults.Tests.Rows;

/// <summary>The network between the processes loses what goes from one to another; three silos.</summary>
public static class NetworkRows
{
    private static readonly TimeSpan Found = TimeSpan.FromSeconds(25);
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(40);

    /// <summary>The rows.</summary>
    public static IReadOnlyList<Fault> All { get; } =
    [
        new("partition: a silo from the other two, both ways", "it is voted dead and ends itself; its users are live elsewhere within 25 s", s => CutAsync(s, there: true, back: true))
        {
            Touches = Touches.Some, MayLoseLogs = true, LiveWithin = Found, Lasts = Found, Stage = StageKind.Network, OwnersMayOverlap = Overlap,
        },
        new("partition: a silo to the other two, one way", "as both ways", s => CutAsync(s, there: true, back: false))
        {
            Touches = Touches.Some, MayLoseLogs = true, LiveWithin = Found, Lasts = Found, Stage = StageKind.Network, OwnersMayOverlap = Overlap,
        },
        new("partition: a silo from Redis", "nobody notices", CutFromRedisAsync) { Lasts = TimeSpan.FromSeconds(15), Stage = StageKind.Network },
        new("partition: a silo from everything", "its users are live elsewhere within 25 s; when it is back it ends itself, and its upstreams with it", CutFromAllAsync)
        {
            Touches = Touches.Some, MayLoseLogs = true, LiveWithin = Found, Lasts = TimeSpan.FromSeconds(30), BackWithin = TimeSpan.FromSeconds(15), Stage = StageKind.Network, OwnersMayOverlap = TimeSpan.FromSeconds(60),
        },
        new("partition: a front from one silo", "the front reaches that silo's users by way of the others; no frame is lost", CutFrontAsync)
        {
            Touches = Touches.Some, LiveWithin = Found, Lasts = TimeSpan.FromSeconds(15), Stage = StageKind.Network,
        },
    ];

    private static async Task<Heal> CutAsync(GatewayStage stage, bool there, bool back)
    {
        var silo = await DoomedAsync(stage);
        foreach (var other in stage.Silos.Where(s => s != silo))
        {
            if (there)
                await stage.Network!.LoseAsync(silo.Host, other.Host);
            if (back)
                await stage.Network!.LoseAsync(other.Host, silo.Host);
        }

        return () => HealAsync(stage, silo);
    }

    private static async Task<Heal> CutFromRedisAsync(GatewayStage stage)
    {
        var silo = await stage.BusiestSiloAsync();
        await LoseBothWaysAsync(stage, silo.Host, stage.Redis.Host);
        return stage.Network!.HealAsync;
    }

    private static async Task<Heal> CutFromAllAsync(GatewayStage stage)
    {
        var silo = await DoomedAsync(stage);
        var others = stage.Silos.Where(s => s != silo).Select(s => s.Host).Concat(stage.Fronts.Select(f => f.Address.Host)).Append(stage.Redis.Host).Append(stage.Network!.Outside);
        foreach (var other in others)
            await LoseBothWaysAsync(stage, silo.Host, other);
        return async () =>
        {
            await HealAsync(stage, silo);

            // Its upstreams ended while nothing could say so: the backend, which pings nobody, learns of it when its kernel tries again, and what it said
            // until then was said to nobody.
            var began = TimeProvider.System.GetTimestamp();
            await Eventually.HoldsAsync(
                () => stage.Crowd.Tabs.All(t => stage.Backend.ConnectionsOf(t.User) <= 1), "the backend learns of the upstreams that are gone", TimeSpan.FromSeconds(60));
            stage.Note($"the backend held its upstreams for {TimeProvider.System.GetElapsedTime(began).TotalSeconds:0.0} s more");
        };
    }

    private static async Task<Heal> CutFrontAsync(GatewayStage stage)
    {
        var silo = await stage.BusiestSiloAsync();
        await LoseBothWaysAsync(stage, silo.Host, stage.Fronts[0].Address.Host);
        return stage.Network!.HealAsync;
    }

    private static async Task<SiloProcess> DoomedAsync(GatewayStage stage)
    {
        var silo = await stage.BusiestSiloAsync();
        stage.IsExpendable(silo.Process);
        return silo;
    }

    private static async Task LoseBothWaysAsync(GatewayStage stage, string one, string other)
    {
        await stage.Network!.LoseAsync(one, other);
        await stage.Network!.LoseAsync(other, one);
    }

    private static async Task HealAsync(GatewayStage stage, SiloProcess silo)
    {
        stage.Note($"when it was healed the silo {(silo.Process.HasExited ? "had ended" : "lived")}");
        await stage.Network!.HealAsync();
        await SiloRows.EndsItselfAsync(stage, silo);
    }
}
