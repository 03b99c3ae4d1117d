namespace Connections.Testing;

/// <summary>Waits for conditions, not for time. A condition that does not come is missing evidence: the message says what was seen last.</summary>
public static class Eventually
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    /// <summary>Waits until the condition holds.</summary>
    public static Task HoldsAsync(Func<bool> condition, string what, TimeSpan? within = null, Func<string>? seen = null) =>
        HoldsAsync(() => Task.FromResult(condition()), what, within, seen);

    /// <summary>Waits until the condition holds.</summary>
    public static async Task HoldsAsync(Func<Task<bool>> condition, string what, TimeSpan? within = null, Func<string>? seen = null)
    {
        var limit = within ?? TimeSpan.FromSeconds(15);
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > limit)
                throw new TimeoutException($"Not within {limit.TotalSeconds:0.#} s: {what}. {seen?.Invoke()}");
            await Task.Delay(Interval, TimeProvider.System);
        }
    }

    /// <summary>Watches for a while that something stays true: for what must not happen, which no condition can announce.</summary>
    public static async Task StaysAsync(Func<Task<bool>> condition, string what, TimeSpan during)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(started) < during)
        {
            if (!await condition())
                throw new InvalidOperationException($"After {TimeProvider.System.GetElapsedTime(started).TotalSeconds:0.0} s no longer: {what}.");
            await Task.Delay(Interval, TimeProvider.System);
        }
    }
}
