using Connections.Core;
using Connections.Grains.Delivery;
using Connections.Grains.Telemetry;
using Connections.Grains.Upstream;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Connections.Grains.Placement;

/// <summary>
/// Hands this silo's users over when it is asked to stop: before Orleans takes the silo out of the cluster, because from then on fronts can
/// no longer answer its batches, and what is not acknowledged cannot be handed over in order. As fast as the others may dial, so that nobody
/// waits without an upstream; faster only when there would not be time enough.
/// </summary>
internal sealed partial class SiloDrain(
    IServiceProvider services,
    ISiloStatusOracle silos,
    IOptions<ConnectionOptions> options,
    IOptions<UpstreamOptions> upstream,
    TimeProvider time,
    ILogger<SiloDrain> logger) : ILifecycleParticipant<ISiloLifecycle>
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    // The rest is for the last ones to leave.
    private const double PartForPacing = 0.75;

    /// <summary>Whether this silo is leaving: no user is placed here any more.</summary>
    public bool IsDraining { get; private set; }

    /// <inheritdoc/>
    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe(nameof(SiloDrain), ServiceLifecycleStage.Active + 1, _ => Task.CompletedTask, DrainAsync);

    private async Task DrainAsync(CancellationToken ct)
    {
        IsDraining = true;
        var feeds = services.GetRequiredService<Feeds>();
        var grains = services.GetRequiredService<IGrainFactory>();
        var started = time.GetTimestamp();
        var users = feeds.Users;
        var patience = options.Value.HandOverTimeout;
        var pace = Math.Max(PaceOfOthers(), users.Count / (patience.TotalSeconds * PartForPacing));
        Log.Draining(logger, users.Count, pace);
        UserMetrics.HandedOver("drain", users.Count);
        var handed = 0;
        while (feeds.Count > 0 && time.GetElapsedTime(started) < patience && !ct.IsCancellationRequested)
        {
            var due = Math.Min(users.Count, (int)Math.Ceiling(pace * (time.GetElapsedTime(started) + Interval).TotalSeconds));
            for (; handed < due; handed++)
                grains.GetGrain<IHandOver>(users[handed]).HandOver().Ignore();
            await Task.Delay(Interval, time, CancellationToken.None);
        }

        Log.Drained(logger, users.Count, feeds.Count, time.GetElapsedTime(started).TotalMilliseconds);
    }

    // The others dial with their shares of the cluster's budget; with nobody else, nothing is gained by waiting.
    private double PaceOfOthers()
    {
        var live = silos.GetApproximateSiloStatuses(onlyActive: true).Count;
        return live < 2 ? double.MaxValue : DialBudget.ShareOf(upstream.Value.DialsPerSecond, live) * (live - 1);
    }

    private static partial class Log
    {
        [LoggerMessage(800, LogLevel.Information, "This silo leaves: handing {Users} users over, {Pace:0} a second")]
        public static partial void Draining(ILogger logger, int users, double pace);

        [LoggerMessage(801, LogLevel.Information, "Handed {Users} users over, {Left} left, in {Milliseconds} ms")]
        public static partial void Drained(ILogger logger, int users, int left, double milliseconds);
    }
}
