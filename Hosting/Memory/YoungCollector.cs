using Microsoft.Extensions.Hosting;

namespace Connections.Hosting.Memory;

/// <summary>Collects what is young in small helpings (<see cref="YoungRule"/>).</summary>
internal sealed class YoungCollector(TimeProvider time) : BackgroundService
{
    // What lives on comes into the generation between, which the runtime lets grow as large; it has its turn as often.
    private const int HelpingsOfTheYoungest = 4;

    private readonly YoungRule _rule = new();

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(YoungRule.Every, time);
        for (var helpings = 1; await timer.WaitForNextTickAsync(stoppingToken);)
        {
            if (_rule.IsDue(GC.GetTotalMemory(forceFullCollection: false), GC.CollectionCount(0)))
                GC.Collect(helpings++ % HelpingsOfTheYoungest == 0 ? 1 : 0, GCCollectionMode.Forced, blocking: true);
        }
    }
}
