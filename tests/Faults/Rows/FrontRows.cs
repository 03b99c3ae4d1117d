using Connections.Faults.Tests.Stage;

namespace Connections.Faults.Tests.Rows;

/// <summary>A front goes, in every way that a process can.</summary>
public static class FrontRows
{
    /// <summary>The rows.</summary>
    public static IReadOnlyList<Fault> All { get; } =
    [
        new("front crash (kill -9)", "its tabs resume on the other with every frame; the other's notice nothing", CrashAsync)
        {
            Touches = Touches.Some, IsInShortRun = true,
        },
        new("front SIGSTOP for 15 s", "its tabs find out by their pings and resume on the other with every frame", HangAsync)
        {
            Touches = Touches.Some, LiveWithin = TimeSpan.FromSeconds(20), Lasts = TimeSpan.FromSeconds(15),
        },
        new("front SIGTERM and start", "its tabs are told when to come back, resume with every frame; it ends with 0", RestartAsync)
        {
            Touches = Touches.Some, LiveWithin = TimeSpan.FromSeconds(15), Lasts = TimeSpan.Zero,
        },
    ];

    private static async Task<Heal> CrashAsync(GatewayStage stage)
    {
        var front = stage.Fronts[0];
        stage.IsExpendable(front.Process);
        await front.Process.KillAsync();
        return () => Task.CompletedTask;
    }

    private static Task<Heal> HangAsync(GatewayStage stage)
    {
        var front = stage.Fronts[0].Process;
        front.Freeze();
        return Task.FromResult<Heal>(() =>
        {
            front.Thaw();
            return Task.CompletedTask;
        });
    }

    private static async Task<Heal> RestartAsync(GatewayStage stage)
    {
        var front = stage.Fronts[0];
        stage.IsExpendable(front.Process);
        var code = await front.Process.TerminateAsync();
        if (code != 0)
            throw new InvalidOperationException($"The front ended with {code}:\n{front.Process.Output}");
        return () => Task.CompletedTask;
    }
}
