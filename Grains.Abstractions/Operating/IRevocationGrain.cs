using Orleans.Concurrency;

namespace Connections.Grains.Abstractions.Operating;

/// <summary>Keeps which tokens were revoked; there is one, with key 0. Fronts read it once a second, and when they are told that it changed.</summary>
[Alias("connections.revocations-grain")]
public interface IRevocationGrain : IGrainWithIntegerKey
{
    /// <summary>Adds one, in place of an earlier one about the same; returns when it is stored. Called by the admin API.</summary>
    /// <exception cref="OrleansException">The store did not take it, or there are too many.</exception>
    [Alias("Revoke"), ResponseTimeout("00:00:05")]
    Task Revoke(Revocation revocation);

    /// <summary>The list, or null when <paramref name="mark"/> is of the list as it is. Called by every front.</summary>
    /// <param name="mark">Of the list that the caller has; null when it has none.</param>
    [Alias("Read"), ResponseTimeout("00:00:02"), AlwaysInterleave]
    Task<RevocationList?> Read(string? mark);
}
