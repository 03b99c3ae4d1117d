using Connections.Grains.Abstractions;
using Connections.WebFront.Sessions;

namespace Connections.WebFront.Identity;

/// <summary>Closes a raw tab when its token expires; SignalR does that for its own connections.</summary>
internal static class TokenExpiry
{
    // What a timer can wait for at most is less than 50 days.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(40);

    /// <summary>Closes a tab at a time, unless the answer is disposed before.</summary>
    public static IDisposable? CloseAt(DateTimeOffset? expires, Tab tab, TimeProvider time)
    {
        if (expires is not { } at || at - time.GetUtcNow() is var left && left > Longest)
            return null;
        return time.CreateTimer(
            static tab => _ = ((Tab)tab!).CloseAsync(CloseCode.Unauthorized), tab, left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }
}
