using Connections.Grains.Abstractions.Operating;

namespace Connections.Grains.Revoking;

/// <summary>The revocations in grain storage.</summary>
public sealed class StoredRevocations
{
    /// <summary>A random number, made with the record: versions of different terms cannot be compared.</summary>
    public long Term { get; set; }

    /// <summary>Counts the changes.</summary>
    public long Version { get; set; }

    /// <summary>Those that still count, oldest first.</summary>
    public IReadOnlyList<Revocation> All { get; set; } = [];
}
