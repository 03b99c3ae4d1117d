using Connections.Grains.Delivery;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Connections.Grains.Placement;

/// <summary>
/// Hands this silo's users over when it is asked to stop: before Orleans takes the silo out of the cluster, because from then on fronts can
/// no longer answer its batches, and what is not acknowledged cannot be handed over in order.
/// </summary>
internal sealed partial class SiloDrain(IServiceProvider services, TimeProvider time, ILogger<SiloDrain> logger) : ILifecycleParticipant<ISiloLifecycle>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

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
        Log.Draining(logger, users.Count);
        foreach (var user in users)
            grains.GetGrain<IHandOver>(user).HandOver().Ignore();
        while (feeds.Users.Count > 0 && time.GetElapsedTime(started) < Patience && !ct.IsCancellationRequested)
            await Task.Delay(Interval, time, CancellationToken.None);
        Log.Drained(logger, users.Count, feeds.Users.Count, time.GetElapsedTime(started).TotalMilliseconds);
    }

    private static partial class Log
    {
        [LoggerMessage(800, LogLevel.Information, "This silo leaves: handing {Users} users over")]
        public static partial void Draining(ILogger logger, int users);

        [LoggerMessage(801, LogLevel.Information, "Handed {Users} users over, {Left} left, in {Milliseconds} ms")]
        public static partial void Drained(ILogger logger, int users, int left, double milliseconds);
    }
}
