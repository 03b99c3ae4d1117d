namespace Connections.Grains.Abstractions.Delivery;

/// <summary>An access token of one of a user's tabs, to be shown to the backend when the upstream is dialled. Checked by the front that had it.</summary>
[GenerateSerializer, Immutable, Alias("connections.relay-token")]
public sealed class RelayToken
{
    /// <summary>The token, as it stands in <c>Authorization: Bearer</c>.</summary>
    [Id(0)]
    public required string Value { get; init; }

    /// <summary>When it expires, Unix time in milliseconds: of two tokens, the one that lasts longer is the newer.</summary>
    [Id(1)]
    public required long ExpiresAt { get; init; }

    /// <summary>Whether this is another token than <paramref name="other"/> and lasts at least as long.</summary>
    public bool IsNewerThan(RelayToken other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Value != other.Value && ExpiresAt >= other.ExpiresAt;
    }

    /// <summary>Not the token: it must never stand in a log.</summary>
    public override string ToString() => "an access token";
}
