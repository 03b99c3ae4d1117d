using Connections.Grains.Abstractions;
using Connections.Hosting.Draining;
using Microsoft.Extensions.Options;

namespace Connections.WebFront.Sessions;

/// <summary>Looks after the sessions once a second: closes tabs whose write does not end, and evicts old frames now and then. Says good-bye to them all before the front stops.</summary>
internal sealed partial class SessionSweeper(
    SessionRegistry registry, IOptions<FrontOptions> options, TimeProvider time, ILogger<SessionSweeper> logger)
    : BackgroundService, IDrain
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan ClosePatience = TimeSpan.FromSeconds(3);

    // A frame is kept for as much longer: to look at each session's oldest costs more than the memory.
    private readonly TimeSpan _trimInterval = options.Value.Window.MaxAge / 8;

    private long? _trimmed;

    /// <inheritdoc/>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(ClosePatience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            await registry.CloseAllAsync(either.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or TimeoutException or OrleansException)
        {
            Log.NotAllTold(logger);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                Sweep();
        }
        catch (OperationCanceledException)
        {
            // The front stops.
        }
    }

    /// <summary>Looks once.</summary>
    public void Sweep()
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var trims = _trimmed is not { } at || time.GetElapsedTime(at) >= _trimInterval;
        if (trims)
            _trimmed = time.GetTimestamp();
        foreach (var session in registry.Sessions)
        {
            if (trims)
                session.Trim(now);
            foreach (var tab in session.Tabs)
            {
                if (tab.WritingFor > options.Value.WriteTimeout)
                    _ = tab.CloseAsync(CloseCode.Slow);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(610, LogLevel.Warning, "Not every tab and silo could be told that this front stops")]
        public static partial void NotAllTold(ILogger logger);
    }
}
