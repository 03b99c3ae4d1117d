using Connections.WebFront.Sessions;

namespace Connections.WebFront.Silos;

/// <summary>Attaches the users of a silent silo anew, and no others.</summary>
internal sealed partial class SiloLossHandler(
    SiloWatch watch, SessionRegistry registry, TimeProvider time, ILogger<SiloLossHandler> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan SpreadPerUser = TimeSpan.FromMilliseconds(0.2);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                Look();
        }
        catch (OperationCanceledException)
        {
            // The front stops.
        }
    }

    /// <summary>Attaches the users of silos that have been silent for too long.</summary>
    public void Look()
    {
        foreach (var silo in watch.TakeSilent())
            AttachAnew(silo);
    }

    private void AttachAnew(string silo)
    {
        var users = registry.Sessions.Where(s => s.Silo == silo).ToArray();
        if (users.Length == 0)
            return;
        Telemetry.SessionMetrics.SiloSilent();
        Log.SiloSilent(logger, silo, users.Length);
        foreach (var session in users)
            session.AttachAnew("the silo is silent", SpreadPerUser * users.Length);
    }

    private static partial class Log
    {
        [LoggerMessage(700, LogLevel.Warning, "Silo {Silo} is silent: attaching its {Users} users anew")]
        public static partial void SiloSilent(ILogger logger, string silo, int users);
    }
}
