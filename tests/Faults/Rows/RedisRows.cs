using Connections.Faults.Tests.Stage;
using Connections.Testing.Lines;

namespace Connections.Faults.Tests.Rows;

/// <summary>Redis goes: users who have their owner must not notice.</summary>
public static class RedisRows
{
    private static readonly TimeSpan Away = TimeSpan.FromSeconds(12);

    /// <summary>The rows.</summary>
    public static IReadOnlyList<Fault> All { get; } =
    [
        new("Redis killed for 12 s", "nobody notices", KillAsync) { Lasts = Away, IsInShortRun = true },
        new("Redis pauses for 12 s (SIGSTOP)", "nobody notices", PauseAsync) { Lasts = Away },
        new("Redis line is a black hole for 12 s", "nobody notices", BlackHoleAsync) { Lasts = Away },
        new("Redis killed, and a silo with it", "the silo's users wait for Redis, then are told `epoch-changed`; the other's notice nothing", WithASiloAsync)
        {
            Lasts = TimeSpan.FromSeconds(8), LiveWithin = null, BackWithin = TimeSpan.FromSeconds(15), Touches = Touches.Some, MayLoseLogs = true,
        },
        new("Redis loses its data (FLUSHALL)", "nobody notices; the silos put the membership back, and another one can join", FlushAsync)
        {
            Lasts = TimeSpan.FromSeconds(15),
        },
    ];

    private static async Task<Heal> KillAsync(GatewayStage stage)
    {
        await stage.Redis.KillAsync();
        return stage.Redis.StartAsync;
    }

    private static Task<Heal> PauseAsync(GatewayStage stage)
    {
        stage.Redis.Freeze();
        return Task.FromResult<Heal>(() =>
        {
            stage.Redis.Thaw();
            return Task.CompletedTask;
        });
    }

    private static Task<Heal> BlackHoleAsync(GatewayStage stage)
    {
        stage.RedisLine.Fault = LineFault.BlackHole;
        return Task.FromResult<Heal>(() =>
        {
            stage.RedisLine.Fault = LineFault.None;
            return Task.CompletedTask;
        });
    }

    private static async Task<Heal> WithASiloAsync(GatewayStage stage)
    {
        var silo = await stage.BusiestSiloAsync();
        stage.IsExpendable(silo.Process);
        await stage.Redis.KillAsync();
        await silo.Process.KillAsync();
        return stage.Redis.StartAsync;
    }

    private static async Task<Heal> FlushAsync(GatewayStage stage)
    {
        await stage.Redis.AskAsync("flushall");
        return async () =>
        {
            var silo = await stage.AddSiloAsync();
            stage.Note($"another silo joined");
            stage.IsExpendable(silo.Process);
            await silo.Process.TerminateAsync();
        };
    }
}
