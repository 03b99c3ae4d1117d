using Connections.Core;
using Connections.Grains.Delivery;
using Connections.Grains.Telemetry;
using Connections.Grains.Upstream;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Connections.Grains.Placement;

/// <summary>Writes on the cluster's board how many users this silo has, learns how many the others have, and hands over what is too many.</summary>
internal sealed partial class Rebalancer(
    Feeds feeds,
    IGrainFactory grains,
    ISiloStatusOracle silos,
    SiloBoard board,
    SiloDrain drain,
    IOptions<RebalanceOptions> options,
    IOptions<UpstreamOptions> upstream,
    TimeProvider time,
    ILogger<Rebalancer> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // Who came a moment ago stays. Orleans moves users in batches, and a batch is over when its last user has begun: one that is sent back
    // before that makes two batches wait for each other, and all users in them with no owner, until both time out after 30 s.
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);

    private readonly Rebalancing _rebalancing = new(options.Value);
    private readonly long _started = time.GetTimestamp();

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        UserMetrics.Begin();
        LinkMetrics.Begin();
        BreakerMetrics.Begin();
        OutboxMetrics.Begin();
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                if (silos.CurrentStatus is SiloStatus.Active)
                    await TickAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
    }

    private async Task TickAsync()
    {
        if (await board.ReportAsync(drain.IsDraining) is { } staying && !drain.IsDraining)
            HandOver(_rebalancing.Excess(board.Self, staying, Pace(staying.Count), time.GetElapsedTime(_started)));
    }

    // All silos with too many hand over at once: together they take half of the dial budget, the rest is for who comes by himself.
    private int Pace(int count) => Math.Max(1, (int)(DialBudget.ShareOf(upstream.Value.DialsPerSecond, count) / 2 * Interval.TotalSeconds));

    private void HandOver(int count)
    {
        string[] users = count == 0 ? [] : [.. feeds.UsersSince(Rest).Take(count)];
        if (users.Length == 0)
            return;
        Log.Rebalancing(logger, users.Length, feeds.Count);
        UserMetrics.HandedOver("rebalance", users.Length);
        foreach (var user in users)
            grains.GetGrain<IHandOver>(user).HandOverFrom(board.Self).Ignore();
    }

    private static partial class Log
    {
        [LoggerMessage(810, LogLevel.Information, "A silo has joined: handing {Users} of {All} users over")]
        public static partial void Rebalancing(ILogger logger, int users, int all);
    }
}
