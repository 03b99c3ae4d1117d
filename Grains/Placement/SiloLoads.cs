using System.Collections.Concurrent;

namespace Connections.Grains.Placement;

/// <summary>
/// How many users each silo had when it was last heard of. Users that are handed over go where most are missing; users that come by themselves
/// do not, see decision 6.
/// </summary>
internal sealed class SiloLoads(TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    private ConcurrentDictionary<string, int> _users = new(StringComparer.Ordinal);
    private HashSet<string> _leaving = [];
    private long _learned;

    /// <summary>The newest counts of the silos that stay, and which ones do not.</summary>
    public void Learn(IEnumerable<KeyValuePair<string, int>> users, IEnumerable<string> leaving)
    {
        _leaving = leaving.ToHashSet(StringComparer.Ordinal);
        _users = new(users, StringComparer.Ordinal);
        Interlocked.Exchange(ref _learned, time.GetTimestamp());
    }

    /// <summary>Whether a silo has said that it leaves: a user that goes there would move again at once, or find it gone and lose its log.</summary>
    public bool Leaves(SiloAddress silo) => _leaving.Contains(silo.ToParsableString());

    /// <summary>The silo for a user that is handed over: at random, but in proportion to what each lacks.</summary>
    /// <returns>Null when too little is known.</returns>
    public SiloAddress? Choose(IReadOnlyList<SiloAddress> among)
    {
        var users = _users;
        if (time.GetElapsedTime(Interlocked.Read(ref _learned)) > Fresh || !among.All(s => users.ContainsKey(s.ToParsableString())))
            return null;
        var loads = among.Select(s => users[s.ToParsableString()]).ToArray();
        var share = (loads.Sum() + among.Count) / (double)among.Count;
        var lacks = Array.ConvertAll(loads, l => Math.Max(0, share - l));
        var pick = Random.Shared.NextDouble() * lacks.Sum();
        for (var i = 0; i < lacks.Length; i++)
        {
            if ((pick -= lacks[i]) > 0 || lacks[i] == 0)
                continue;

            // Until the next report this one counts too, or a burst would all go to the same silo.
            users.AddOrUpdate(among[i].ToParsableString(), 1, (_, n) => n + 1);
            return among[i];
        }

        return null;
    }
}
