using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Connections.Hosting.Memory;

/// <summary>Gives the memory back that a quiet process needs no more (<see cref="TrimRule"/>).</summary>
internal sealed partial class HeapTrimmer(TimeProvider time, ILogger<HeapTrimmer> logger) : BackgroundService
{
    private readonly TrimRule _rule = new();

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var traffic = new Traffic();
        using var timer = new PeriodicTimer(TrimRule.Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (!_rule.IsDue(Environment.CpuUsage.TotalTime, traffic.Frames, GC.GetTotalMemory(forceFullCollection: false)))
                continue;
            var (began, before) = (time.GetTimestamp(), Environment.WorkingSet);
            Collect();
            _rule.Trimmed(Environment.CpuUsage.TotalTime, GC.GetTotalMemory(forceFullCollection: false));
            var after = Environment.WorkingSet;
            Log.Trimmed(logger, (before - after) >> 20, after >> 20, (long)time.GetElapsedTime(began).TotalMilliseconds);
        }
    }

    private static void Collect()
    {
        // What has a finalizer, and all that hangs on it, is garbage only after that ran.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }

    private static partial class Log
    {
        [LoggerMessage(30, LogLevel.Debug, "Gave {Given} MiB back, {Left} are left; it took {Milliseconds} ms")]
        public static partial void Trimmed(ILogger logger, long given, long left, long milliseconds);
    }
}
