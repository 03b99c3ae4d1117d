using Connections.Grains.Abstractions.Monitoring;
using Connections.Hosting.Draining;
using Connections.Hosting.Telemetry;
using Connections.WebFront.Admission;
using Connections.WebFront.Sessions;
using Connections.WebFront.Telemetry;

namespace Connections.WebFront.Monitor;

/// <summary>Writes on the cluster's board how this front is, once a second, and keeps what the board said for the monitoring page.</summary>
internal sealed class BoardReporter(
    IGrainFactory grains, SessionRegistry sessions, SessionServices services, DrainState drain, Figures figures, FrontDoor door, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly long _startedAt = time.GetUtcNow().ToUnixTimeMilliseconds();
    private TaskCompletionSource<ClusterView> _next = New();

    /// <summary>The next view that comes.</summary>
    public Task<ClusterView> Next => Volatile.Read(ref _next).Task;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        LineMetrics.Begin();
        TabMetrics.Begin();
        SessionMetrics.Begin();
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                // Before it has found a silo there is no board.
                if (door.ClosedBecause is null || drain.IsDraining)
                    await ReportAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The front stops.
        }
    }

    private async Task ReportAsync()
    {
        try
        {
            var view = await grains.GetGrain<IClusterBoardGrain>(0).Report(Report()).WaitAsync(Patience, time);
            Interlocked.Exchange(ref _next, New()).TrySetResult(view);
        }
        catch (Exception e) when (e is TimeoutException or OrleansException or InvalidOperationException or ArgumentException)
        {
            // The board's silo is gone, and there is another one in a moment; or all silos are of a version without a board.
        }
    }

    private NodeReport Report() => new()
    {
        Id = services.FrontId,
        Kind = NodeKind.Front,
        Host = Environment.MachineName,
        StartedAt = _startedAt,
        Draining = drain.IsDraining,
        Users = sessions.Users,
        Figures = figures.Read(),
    };

    private static TaskCompletionSource<ClusterView> New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
