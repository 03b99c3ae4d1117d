using Connections.Backend.Sockets;

namespace Connections.Backend.Faults;

/// <summary>Plays the faults that act by themselves, flapping and flooding; the others are looked up where they bite.</summary>
internal sealed class FaultDriver(FaultSwitch faults, OpenConnections connections, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan FloodStep = TimeSpan.FromMilliseconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var active = faults.Current;
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            var playing = PlayAsync(active, ended.Token);
            await Task.WhenAny(active.Ended.WaitAsync(stoppingToken), playing);
            await ended.CancelAsync();
            await playing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Task PlayAsync(ActiveFault active, CancellationToken ended) => active.Fault.Mode switch
    {
        FaultMode.Flap => FlapAsync(active, ended),
        FaultMode.Flood => FloodAsync(active, ended),
        _ => Task.Delay(Timeout.InfiniteTimeSpan, clock, ended),
    };

    private async Task FlapAsync(ActiveFault active, CancellationToken ended)
    {
        while (true)
        {
            await Task.Delay(TimeSpan.FromSeconds(active.Fault.UpSeconds), clock, ended);
            active.TurnDown(true);
            foreach (var connection in Hit(active))
                connection.Abort();
            await Task.Delay(TimeSpan.FromSeconds(active.Fault.DownSeconds), clock, ended);
            active.TurnDown(false);
        }
    }

    private async Task FloodAsync(ActiveFault active, CancellationToken ended)
    {
        using var timer = new PeriodicTimer(FloodStep, clock);
        var started = clock.GetTimestamp();
        var sent = 0L;
        while (await timer.WaitForNextTickAsync(ended))
        {
            var due = (long)(clock.GetElapsedTime(started).TotalSeconds * active.Fault.PerSecond) - sent;
            if (due == 0)
                continue;
            sent += due;
            var at = clock.GetUtcNow().ToUnixTimeMilliseconds();
            foreach (var connection in Hit(active))
                connection.TrySend(new Ticks(at, (int)Math.Min(due, active.Fault.PerSecond)));
        }
    }

    private IEnumerable<Connection> Hit(ActiveFault active) => connections.All.Where(connection => active.Hits(connection.User.Id));
}
