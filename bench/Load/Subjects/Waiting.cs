namespace Connections.Load.Subjects;

/// <summary>Waits for conditions.</summary>
internal static class Waiting
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    /// <summary>Waits until the condition holds.</summary>
    /// <exception cref="TimeoutException">It did not in time.</exception>
    public static async Task ForAsync(Func<Task<bool>> condition, TimeSpan within, Func<string> what)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(began) > within)
                throw new TimeoutException($"Not within {within.TotalSeconds:0} s: {what()}");
            await ForAsync(Interval);
        }
    }

    /// <summary>Waits for a time.</summary>
    public static Task ForAsync(TimeSpan time) => Task.Delay(time, TimeProvider.System);
}
