using System.Collections.Concurrent;
using Connections.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Connections.Grains.Delivery;

/// <summary>The feeds of this silo: gives them their share of memory, and evicts what grew too old.</summary>
internal sealed class Feeds(IOptions<ConnectionOptions> options, TimeProvider time) : BackgroundService
{
    // A frame is kept for as much longer: to look at each user's oldest costs more than the memory.
    private readonly TimeSpan _trimInterval = options.Value.Window.MaxAge / 8;

    private readonly ConcurrentDictionary<UserFeed, bool> _feeds = [];
    private readonly ReplayBudget _budget = new(options.Value.MaxReplayBytes);

    /// <summary>Whose feeds are here.</summary>
    public IReadOnlyList<string> Users => [.. _feeds.Keys.Select(f => f.UserId)];

    /// <summary>Whose feeds have been here for a while.</summary>
    /// <param name="age">How long at least.</param>
    public IEnumerable<string> UsersSince(TimeSpan age) => _feeds.Keys.Where(f => time.GetElapsedTime(f.OpenedAt) >= age).Select(f => f.UserId);

    /// <summary>How many there are.</summary>
    public int Count => _feeds.Count;

    /// <summary>A new feed that stands at a position, with the frames before it that were carried here.</summary>
    public UserFeed Open(string userId, FramePosition top, CarriedLog? carried = null)
    {
        var frames = carried?.EndsAt(top) == true ? carried.Frames : [];
        var log = new ReplayLog(options.Value.Window, top.Epoch, top.Offset - frames.Length, _budget);
        foreach (var frame in frames)
            log.Append(frame);
        var feed = new UserFeed(userId, log, time.GetTimestamp());
        _feeds.TryAdd(feed, true);
        return feed;
    }

    /// <summary>Ends a feed and frees its memory.</summary>
    public void Close(UserFeed feed)
    {
        _feeds.TryRemove(feed, out _);
        feed.Close();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_trimInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                var now = time.GetUtcNow().ToUnixTimeMilliseconds();
                foreach (var (feed, _) in _feeds)
                    feed.Trim(now);
            }
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
    }
}
