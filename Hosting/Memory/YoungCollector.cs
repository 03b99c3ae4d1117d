using Microsoft.Extensions.Hosting;

namespace Connections.Hosting.Memory;

/// <summary>Collects what is young in small helpings (<see cref="YoungRule"/>).</summary>
internal sealed class YoungCollector(TimeProvider time) : BackgroundService
{
    private readonly YoungRule _rule = new();

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(YoungRule.Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (!_rule.IsDue(Heap(), GC.CollectionCount(0)))
                continue;
            var began = time.GetTimestamp();
            GC.Collect(0, GCCollectionMode.Forced, blocking: true);
            _rule.Collected(Heap(), GC.CollectionCount(0), time.GetElapsedTime(began));
        }
    }

    private static long Heap() => GC.GetTotalMemory(forceFullCollection: false);
}
