using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace Connections.WebFront.Silos;

/// <summary>
/// Knows when each silo was last heard of. Every silo with users here sends at least a heartbeat a second, so silence means that it is
/// dead, hung or cut off.
/// </summary>
internal sealed class SiloWatch(IOptions<FrontOptions> options, TimeProvider time)
{
    private static readonly TimeSpan SuspicionLasts = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, long> _lastSeen = new(StringComparer.Ordinal);
    private long _suspectedAt;

    /// <summary>A silo was heard of.</summary>
    public void Seen(string silo) => _lastSeen[silo] = time.GetTimestamp();

    /// <summary>A gateway connection broke: for a while, less silence counts as a loss.</summary>
    public void Suspect() => Interlocked.Exchange(ref _suspectedAt, time.GetTimestamp());

    /// <summary>The silos that have been silent for too long; each is named once and then forgotten.</summary>
    public IReadOnlyList<string> TakeSilent()
    {
        var suspected = Interlocked.Read(ref _suspectedAt) is var at and not 0 && time.GetElapsedTime(at) < SuspicionLasts;
        var allowed = suspected ? options.Value.SuspectSilence : options.Value.SiloSilence;
        var silent = new List<string>();
        foreach (var (silo, seen) in _lastSeen)
        {
            if (time.GetElapsedTime(seen) > allowed && _lastSeen.TryRemove(new(silo, seen)))
                silent.Add(silo);
        }

        return silent;
    }
}
