using Connections.Faults.Tests.Stage;
using Connections.Testing;
using Connections.Testing.Processes;

namespace Connections.Faults.Tests.Rows;

/// <summary>A silo goes, in every way that a process can.</summary>
public static class SiloRows
{
    private static readonly TimeSpan Found = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FoundHung = TimeSpan.FromSeconds(20);

    /// <summary>The rows.</summary>
    public static IReadOnlyList<Fault> All { get; } =
    [
        new("silo crash (kill -9)", "its users are told `epoch-changed` and are live within 5 s; the other silo's notice nothing", CrashAsync)
        {
            Touches = Touches.Some, MayLoseLogs = true, LiveWithin = Found, Lasts = Found, IsInShortRun = true,
        },
        new("silo SIGTERM", "its users move in the same epoch, no gap; it ends with 0", StopAsync)
        {
            Touches = Touches.Some, LiveWithin = TimeSpan.FromSeconds(15), Lasts = TimeSpan.Zero,
        },
        new("silo SIGSTOP for 5 s", "its users wait as long, the other silo's notice nothing; it may be declared dead, and then ends itself", s => FreezeAsync(s, mayEnd: true))
        {
            Touches = Touches.Some, MayLoseLogs = true, LiveWithin = null, BackWithin = TimeSpan.FromSeconds(15), OwnersMayOverlap = TimeSpan.FromSeconds(10),
        },
        new("silo SIGSTOP for 60 s (zombie)", "its users are live elsewhere within 20 s; thawed, it ends itself and takes nobody back", s => FreezeAsync(s, mayEnd: true, ends: true))
        {
            Touches = Touches.Some, MayLoseLogs = true, LiveWithin = FoundHung, Lasts = TimeSpan.FromSeconds(60), BackWithin = TimeSpan.FromSeconds(15),
            OwnersMayOverlap = TimeSpan.FromSeconds(65),
        },
    ];

    private static async Task<Heal> CrashAsync(GatewayStage stage)
    {
        var silo = await stage.BusiestSiloAsync();
        stage.IsExpendable(silo.Process);
        await silo.Process.KillAsync();
        return () => Task.CompletedTask;
    }

    private static async Task<Heal> StopAsync(GatewayStage stage)
    {
        var silo = await stage.BusiestSiloAsync();
        stage.IsExpendable(silo.Process);
        var code = await silo.Process.TerminateAsync();
        if (code != 0)
            throw new InvalidOperationException($"The silo ended with {code}:\n{silo.Process.Output}");
        return () => Task.CompletedTask;
    }

    private static async Task<Heal> FreezeAsync(GatewayStage stage, bool mayEnd, bool ends = false)
    {
        var silo = await stage.BusiestSiloAsync();
        if (mayEnd)
            stage.IsExpendable(silo.Process);
        await stage.HitsUsersOfAsync(silo);
        silo.Process.Freeze();
        return async () =>
        {
            silo.Process.Thaw();
            if (ends)
                await EndsItselfAsync(stage, silo);
        };
    }

    /// <summary>Waits until a silo that was declared dead has ended, and notes how long that took.</summary>
    internal static async Task EndsItselfAsync(GatewayStage stage, SiloProcess silo)
    {
        var began = TimeProvider.System.GetTimestamp();
        await Eventually.HoldsAsync(() => silo.Process.HasExited, "the silo that was declared dead ends itself", TimeSpan.FromSeconds(30), () => silo.Process.Output);
        stage.Note($"it ended itself after {TimeProvider.System.GetElapsedTime(began).TotalSeconds:0.0} s");
    }
}
