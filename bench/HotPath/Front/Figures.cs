using System.Globalization;

namespace Connections.HotPath.Front;

/// <summary>What one run came to; prints itself as a row of a Markdown table.</summary>
internal sealed record Figures(
    Way Way, int PerSecond, TimeSpan P50, TimeSpan P99, double DeliveredPerSecond, double SiloMicroseconds, double FrontMicroseconds, int Missing, int OutOfOrder)
{
    /// <summary>The table's head.</summary>
    public const string Head = """
        | way | made/s | p50 ms | p99 ms | delivered/s | silo us/message | front us/message | missing 1 s later | out of order |
        |---|---:|---:|---:|---:|---:|---:|---:|---:|
        """;

    /// <inheritdoc/>
    public override string ToString() => Way is Way.Nowhere
        ? string.Create(CultureInfo.InvariantCulture, $"| {Name} | {PerSecond:N0} | | | | {SiloMicroseconds:0.0} | {FrontMicroseconds:0.0} | | |")
        : string.Create(
            CultureInfo.InvariantCulture,
            $"| {Name} | {PerSecond:N0} | {Time(P50)} | {Time(P99)} | {DeliveredPerSecond:N0} | {Cost(SiloMicroseconds)} | {Cost(FrontMicroseconds)} | {Missing:N0} | {OutOfOrder:N0} |");

    private static string Time(TimeSpan latency) =>
        latency == TimeSpan.Zero ? "none came" : latency.TotalMilliseconds.ToString("0.0", CultureInfo.InvariantCulture);

    // With few messages an idle process's own work is most of it.
    private string Cost(double microseconds) => PerSecond < 10_000 ? "" : microseconds.ToString("0.0", CultureInfo.InvariantCulture);

    private string Name => Way switch
    {
        Way.Nowhere => "made and dropped",
        Way.Link => "**link: acknowledged batches**",
        Way.CallPerMessage => "observer, a call per message",
        Way.FastStream => "memory stream per user, 1 ms poll",
        Way.Stream => "memory stream per user, default poll",
        _ => throw new InvalidOperationException($"{Way} has no name."),
    };
}
