using Connections.Grains.Abstractions;
using Microsoft.Extensions.Options;

namespace Connections.WebFront.Sessions;

/// <summary>Looks after the sessions once a second: closes tabs whose write does not end, and evicts old frames. Stops them all at the end.</summary>
internal sealed partial class SessionSweeper(
    SessionRegistry registry, IHostApplicationLifetime lifetime, IOptions<FrontOptions> options, TimeProvider time, ILogger<SessionSweeper> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ClosePatience = TimeSpan.FromSeconds(3);

    private CancellationTokenRegistration _stopping;

    /// <inheritdoc/>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // Not in StopAsync: by then SignalR has cut its connections, and Kestrel has waited for the raw ones until the host lost patience.
        // Callbacks run in the reverse order of their registration, so this one comes before SignalR's.
        _stopping = lifetime.ApplicationStopping.Register(CloseAll);
        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _stopping.Dispose();
        base.Dispose();
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

    private void CloseAll()
    {
        try
        {
            using var limit = new CancellationTokenSource(ClosePatience, time);
            Task.Run(() => registry.CloseAllAsync(limit.Token)).GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is OperationCanceledException or TimeoutException or OrleansException)
        {
            Log.NotAllTold(logger);
        }
    }

    private void Sweep()
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var session in registry.Sessions)
        {
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
