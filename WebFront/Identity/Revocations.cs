using System.Collections.Frozen;
using Connections.Grains.Abstractions.Operating;

namespace Connections.WebFront.Identity;

/// <summary>The revocations as this front last read them; asked for every request and every second for every open line.</summary>
internal sealed class Revocations
{
    private volatile Index _index = new(null, FrozenDictionary<string, long>.Empty, FrozenSet<string>.Empty);

    /// <summary>The mark of the list that is here; null before the first one.</summary>
    public string? Mark => _index.Mark;

    /// <summary>Whether nothing is revoked.</summary>
    public bool IsEmpty => _index is { Users.Count: 0, Tokens.Count: 0 };

    /// <summary>Whether a caller's token was revoked.</summary>
    public bool Revoked(Caller caller)
    {
        var index = _index;
        return (index.Users.TryGetValue(caller.User.Value, out var until) && caller.IssuedAt <= until)
            || (caller.TokenId is { } id && index.Tokens.Contains(id));
    }

    /// <summary>Takes the list in place of the one that was here.</summary>
    public void Take(RevocationList list) => _index = new(
        list.Mark,
        list.All.Where(r => r.UserId is not null).GroupBy(r => r.UserId!, StringComparer.Ordinal)
            .ToFrozenDictionary(g => g.Key, g => g.Max(r => r.At), StringComparer.Ordinal),
        list.All.Select(r => r.TokenId).OfType<string>().ToFrozenSet(StringComparer.Ordinal));

    private sealed record Index(string? Mark, FrozenDictionary<string, long> Users, FrozenSet<string> Tokens);
}
