namespace Connections.Faults.Tests;

/// <summary>The 99th percentile of latencies, and what is too little to be compared.</summary>
public static class Percentile
{
    /// <summary>
    /// Below this a p99 passes whatever it was before, in milliseconds. Everything of a stage shares the machine, tabs and backend too: on two cores a .NET
    /// process that starts, or half of the tabs that come back at once, take what there is for a second, and what the others wait for it is not for the
    /// gateway to mend.
    /// </summary>
    public const double FloorMs = 250;

    /// <summary>The 99th percentile, or 0 when there is nothing.</summary>
    public static double P99(IEnumerable<float> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? 0 : sorted[Math.Min(sorted.Length - 1, (int)Math.Ceiling(sorted.Length * 0.99) - 1)];
    }
}
