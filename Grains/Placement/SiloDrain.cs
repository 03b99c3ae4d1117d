using Connections.Grains.Delivery;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Connections.Grains.Placement;

/// <summary>
/// Hands this silo's users over when it is asked to stop: before Orleans takes the silo out of the cluster, because from then on fronts can
/// no longer answer its batches, and what is not acknowledged cannot be handed over in order.
/// </summary>
internal sealed partial class SiloDrain(IServiceProvider services, ISiloStatusOracle silos, TimeProvider time, ILogger<SiloDrain> logger)
    : ILifecycleParticipant<ISiloLifecycle>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan TellAgain = TimeSpan.FromSeconds(1);

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
        var told = new Dictionary<string, long>(StringComparer.Ordinal);
        Log.Draining(logger, feeds.Users.Count);

        // Again and again: other silos do not know yet that this one leaves, and may still put users here.
        while (feeds.Users is { Count: > 0 } users && time.GetElapsedTime(started) < Patience && !ct.IsCancellationRequested)
        {
            foreach (var user in users.Where(u => !told.TryGetValue(u, out var at) || time.GetElapsedTime(at) > TellAgain))
            {
                told[user] = time.GetTimestamp();
                Send(grains.GetGrain<IHandOver>(user));
            }

            await Task.Delay(Interval, time, CancellationToken.None);
        }

        Log.Drained(logger, feeds.Users.Count, time.GetElapsedTime(started).TotalMilliseconds);
    }

    private void Send(IHandOver user)
    {
        var others = silos.GetApproximateSiloStatuses(onlyActive: true).Count(s => !s.Key.Equals(silos.SiloAddress));
        (others > 0 ? user.HandOver() : user.Leave()).Ignore();
    }

    private static partial class Log
    {
        [LoggerMessage(800, LogLevel.Information, "This silo leaves: handing {Users} users over")]
        public static partial void Draining(ILogger logger, int users);

        [LoggerMessage(801, LogLevel.Information, "Handed the users over, {Left} left, in {Milliseconds} ms")]
        public static partial void Drained(ILogger logger, int left, double milliseconds);
    }
}
