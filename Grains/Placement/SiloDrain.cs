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
    SiloLoads loads,
    IOptions<ConnectionOptions> options,
    IOptions<UpstreamOptions> upstream,
    TimeProvider time,
    ILogger<SiloDrain> logger) : ILifecycleParticipant<ISiloLifecycle>
{
    private static readonly TimeSpan TellAgain = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Together = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    // The rest is for the last ones to leave.
    private const double PartForPacing = 0.75;

    /// <summary>Whether this silo is leaving: no user is placed here any more.</summary>
    public bool IsDraining { get; private set; }

    /// <summary>Whether it is, and all others are too: who has been sent away is not taken in again.</summary>
    public bool HasNowhereToSend => IsDraining && Staying() == 0;

    /// <inheritdoc/>
    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe(nameof(SiloDrain), ServiceLifecycleStage.Active + 1, _ => Task.CompletedTask, DrainAsync);

    private async Task DrainAsync(CancellationToken ct)
    {
        IsDraining = true;
        await AnnounceAsync();
        var feeds = services.GetRequiredService<Feeds>();
        var grains = services.GetRequiredService<IGrainFactory>();
        var started = time.GetTimestamp();
        var patience = options.Value.HandOverTimeout;
        var pace = Math.Max(PaceOfOthers(), feeds.Count / (patience.TotalSeconds * PartForPacing));
        Log.Draining(logger, feeds.Count, pace);
        var told = new Dictionary<string, long>(StringComparer.Ordinal);

        var (asked, report) = (started, Task.CompletedTask);

        // Again and again: other silos do not know yet that this one leaves, and may still put users here.
        while (feeds.Users is { Count: > 0 } users && time.GetElapsedTime(started) < patience && !ct.IsCancellationRequested)
        {
            var due = pace * (time.GetElapsedTime(started) + Interval).TotalSeconds;
            foreach (var user in users)
            {
                var known = told.TryGetValue(user, out var at);
                if (known ? time.GetElapsedTime(at) < TellAgain : told.Count >= due)
                    continue;
                told[user] = time.GetTimestamp();
                Send(grains.GetGrain<IHandOver>(user));
            }

            if (report.IsCompleted && time.GetElapsedTime(asked) > TellAgain)
                (asked, report) = (time.GetTimestamp(), services.GetRequiredService<SiloBoard>().ReportAsync(leaving: true));
            await Task.Delay(Interval, time, CancellationToken.None);
        }

        await report;
        UserMetrics.HandedOver("drain", told.Count);
        Log.Drained(logger, feeds.Count, time.GetElapsedTime(started).TotalMilliseconds);
    }

    // Silos that are stopped together must not hand their users to each other.
    private async Task AnnounceAsync()
    {
        if (!Others().Any())
            return;
        var board = services.GetRequiredService<SiloBoard>();
        await board.ReportAsync(leaving: true);
        await Task.Delay(Together, time, CancellationToken.None);
        await board.ReportAsync(leaving: true);
    }

    // With nobody to go to a user ends in place: there is no place to be asked for.
    private void Send(IHandOver user) => (Staying() > 0 ? user.HandOverFrom(silos.SiloAddress.ToParsableString()) : user.Leave()).Ignore();

    private IEnumerable<SiloAddress> Others() => silos.GetApproximateSiloStatuses(onlyActive: true).Keys.Where(s => !s.Equals(silos.SiloAddress));

    private int Staying() => Others().Count(s => !loads.Leaves(s));

    // The others dial with their shares of the cluster's budget; with nobody else, nothing is gained by waiting.
    private double PaceOfOthers() =>
        Staying() is > 0 and var others ? DialBudget.ShareOf(upstream.Value.DialsPerSecond, others + 1) * others : double.PositiveInfinity;

    private static partial class Log
    {
        [LoggerMessage(800, LogLevel.Information, "This silo leaves: handing {Users} users over, {Pace:0} a second")]
        public static partial void Draining(ILogger logger, int users, double pace);

        [LoggerMessage(801, LogLevel.Information, "Handed the users over, {Left} left, in {Milliseconds} ms")]
        public static partial void Drained(ILogger logger, int left, double milliseconds);
    }
}
