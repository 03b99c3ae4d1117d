namespace Connections.Faults.Tests;

/// <summary>The 99th percentile of latencies, and what is too little to be compared.</summary>
public static class Percentile
{
    /// <summary>
    /// Below this a p99 passes whatever it was before, in milliseconds. Everything of a stage shares the machine: on two cores a .NET process that starts
    /// takes one of them for a second or two, and what the others wait for it is no fault of the gateway.
    /// </summary>
    public const double FloorMs = 100;

    /// <summary>The 99th percentile, or 0 when there is nothing.</summary>
    public static double P99(IEnumerable<float> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? 0 : sorted[Math.Min(sorted.Length - 1, (int)Math.Ceiling(sorted.Length * 0.99) - 1)];
    }
}
