using Connections.Grains.Abstractions.Delivery;

namespace Connections.Grains.Upstream;

/// <summary>The newest token of any of a user's tabs, and whether the backend has refused it.</summary>
internal sealed class TokenRelay
{
    private string? _refused;

    /// <summary>What the next dial shows; null when no front relays tokens.</summary>
    public RelayToken? Newest { get; private set; }

    /// <summary>Whether the tabs should come up with another one.</summary>
    public bool IsRefused => Newest is { } token && token.Value == _refused;

    /// <summary>Takes a tab's token, if it is newer. After a refusal any other one is.</summary>
    /// <returns>Whether it takes the place of one that was refused: a dial may succeed now.</returns>
    public bool Offer(RelayToken token)
    {
        var refused = IsRefused;
        if (Newest is { } newest && (token.Value == newest.Value || !(refused || token.IsNewerThan(newest))))
            return false;
        Newest = token;
        return refused;
    }

    /// <summary>The backend answered 401 to a dial with this token.</summary>
    public void Refuse(RelayToken token) => _refused = token.Value;
}
