using Connections.Core;
using Connections.Grains.Abstractions.Monitoring;
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
    ILocalSiloDetails silo,
    ISiloStatusOracle silos,
    SiloLoads loads,
    SiloDrain drain,
    INodeFigures figures,
    IOptions<RebalanceOptions> options,
    IOptions<UpstreamOptions> upstream,
    TimeProvider time,
    ILogger<Rebalancer> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Rebalancing _rebalancing = new(options.Value);
    private readonly string _self = silo.SiloAddress.ToParsableString();
    private readonly long _startedAt = time.GetUtcNow().ToUnixTimeMilliseconds();
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
        try
        {
            var view = await grains.GetGrain<IClusterBoardGrain>(0).Report(Report()).WaitAsync(Patience, time);
            var staying = view.Nodes.Where(n => n.Kind is NodeKind.Silo && !n.Draining && IsActive(n.Id)).ToDictionary(n => n.Id, n => n.Users);
            staying[_self] = feeds.Count;
            loads.Learn(staying);
            if (!drain.IsDraining)
                HandOver(_rebalancing.Excess(_self, staying, Pace(staying.Count), time.GetElapsedTime(_started)));
        }
        catch (Exception e) when (e is TimeoutException or OrleansException or ArgumentException)
        {
            // The board's silo is gone; there is another one in a moment.
        }
    }

    private NodeReport Report() => new()
    {
        Id = _self,
        Kind = NodeKind.Silo,
        Host = Environment.MachineName,
        StartedAt = _startedAt,
        Draining = drain.IsDraining,
        Users = feeds.Count,
        Figures = figures.Read(),
    };

    private bool IsActive(string id) => silos.GetApproximateSiloStatus(SiloAddress.FromParsableString(id)) is SiloStatus.Active;

    // All silos with too many hand over at once: together they take half of the dial budget, the rest is for who comes by himself.
    private int Pace(int count) => Math.Max(1, (int)(DialBudget.ShareOf(upstream.Value.DialsPerSecond, count) / 2 * Interval.TotalSeconds));

    private void HandOver(int count)
    {
        if (count == 0)
            return;
        Log.Rebalancing(logger, count, feeds.Count);
        UserMetrics.HandedOver("rebalance", count);
        foreach (var user in feeds.Users.Take(count))
            grains.GetGrain<IHandOver>(user).HandOver().Ignore();
    }

    private static partial class Log
    {
        [LoggerMessage(810, LogLevel.Information, "A silo has joined: handing {Users} of {All} users over")]
        public static partial void Rebalancing(ILogger logger, int users, int all);
    }
}
