namespace Connections.Load.Backend;

/// <summary>How fast messages are made, and for how long.</summary>
/// <param name="Users">Whose, one after the other.</param>
/// <param name="PerSecond">Messages a second of all users together.</param>
/// <param name="Seconds">How long.</param>
/// <param name="Size">The bytes of each.</param>
/// <param name="Began">Since when, by the machine's monotonic clock.</param>
/// <param name="Ended">Told how many were made: fewer than asked for when connections were behind.</param>
internal sealed record Pace(int Users, double PerSecond, double Seconds, int Size, long Began, Action<long> Ended)
{
    /// <summary>How many were made.</summary>
    public long Made { get; set; }
}
