namespace Connections.Grains.Placement;

/// <summary>Decides how many users a silo hands over after another one joined. Pure: fed with what is on the board, once a second.</summary>
internal sealed class Rebalancing(RebalanceOptions options)
{
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly Queue<(TimeSpan At, int Users)> _own = new();
    private TimeSpan? _joined;
    private TimeSpan? _evenSince;

    /// <summary>How many users to hand over now.</summary>
    /// <param name="self">This silo.</param>
    /// <param name="users">How many users each silo that stays has, this one too.</param>
    /// <param name="atMost">What the dial budget allows.</param>
    /// <param name="now">Any steady clock.</param>
    public int Excess(string self, IReadOnlyDictionary<string, int> users, int atMost, TimeSpan now)
    {
        // The others' counts are up to some seconds old. While a crowd comes, every silo would see itself as the fullest, and users would go
        // to and fro: too many is what a silo has had for a while.
        _own.Enqueue((now, users[self]));
        while (_own.Count > 1 && now - _own.ElementAt(1).At >= options.Settle)
            _own.Dequeue();

        // The one that joins looks for the first time: it may be given too many by all the others at once, and hands them on.
        var joined = false;
        foreach (var silo in users.Keys)
            joined |= _known.Add(silo);
        if (joined)
            _joined = now;
        _known.RemoveWhere(s => !users.ContainsKey(s));
        if (!options.Enabled || _joined is not { } at || now - at < options.Settle || users.Count < 2)
            return 0;

        var total = users.Values.Sum();
        var share = total / (double)users.Count;
        if (users.Values.Max() - users.Values.Min() <= Math.Max(1, options.Spread * share))
        {
            // Users that move are counted nowhere for a moment: even now does not mean that it is over.
            _evenSince ??= now;
            if (now - _evenSince >= options.Settle)
                (_joined, _evenSince) = (null, null);
            return 0;
        }

        // Too few now does not mean that it is over either.
        _evenSince = null;
        if (total < options.MinUsers)
            return 0;

        return Math.Clamp(_own.Min(o => o.Users) - (int)Math.Ceiling(share), 0, atMost);
    }
}
