namespace Connections.Backend.Sockets;

/// <summary>
/// Ticks each open connection once per interval; long intervals are spread over steps, so that ticks do not come as a wall.
/// </summary>
internal sealed class Ticker(OpenConnections connections, BackendOptions options, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Spreadable = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.TickInterval == TimeSpan.Zero)
            return;

        var steps = options.TickInterval >= Spreadable ? OpenConnections.Slots : 1;
        using var timer = new PeriodicTimer(options.TickInterval / steps, clock);
        for (var step = 0; await timer.WaitForNextTickAsync(stoppingToken); step = (step + 1) % steps)
        {
            for (var slot = step; slot < OpenConnections.Slots; slot += steps)
                TickSlot(slot);
        }
    }

    private void TickSlot(int slot)
    {
        var at = clock.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var connection in connections.InSlot(slot))
            connection.TrySend(new Ticks(at));
    }
}
