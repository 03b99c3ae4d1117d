using System.Globalization;

namespace Connections.Load.Measuring;

/// <summary>What a run came to; prints itself as a row of a Markdown table.</summary>
internal sealed record Figures
{
    /// <summary>The table's head.</summary>
    public const string Head = """
        | way | upstreams | asked msg/s | made msg/s | deliveries/s | p50 ms | p99 ms | p99.9 ms | max ms | gateway us/delivery | backend us/delivery | generator us/delivery | lost | doubles | late |
        |---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|
        """;

    /// <summary>The way.</summary>
    public required string Way { get; init; }

    /// <summary>Connections at the backend.</summary>
    public required double Upstreams { get; init; }

    /// <summary>Messages a second that were asked for.</summary>
    public required double Asked { get; init; }

    /// <summary>Messages a second that were made: fewer when the other end was behind.</summary>
    public required double Made { get; init; }

    /// <summary>Messages that came to a tab, in a second.</summary>
    public required double Deliveries { get; init; }

    /// <summary>Half came within this, from the backend's making to the tab's reading, in milliseconds.</summary>
    public required double P50 { get; init; }

    /// <summary>99 % came within this.</summary>
    public required double P99 { get; init; }

    /// <summary>99.9 % came within this.</summary>
    public required double P999 { get; init; }

    /// <summary>All came within this.</summary>
    public required double Max { get; init; }

    /// <summary>Processor time of all gateway processes for each delivery, in microseconds.</summary>
    public required double Gateway { get; init; }

    /// <summary>The backend's.</summary>
    public required double Backend { get; init; }

    /// <summary>This process's.</summary>
    public required double Generator { get; init; }

    /// <summary>Deliveries that did not come.</summary>
    public required double Lost { get; init; }

    /// <summary>Those that came again.</summary>
    public required double Doubles { get; init; }

    /// <summary>Those that came after a later one.</summary>
    public required double Late { get; init; }

    /// <summary>Of each figure the median of several runs; of what must not be, the sum.</summary>
    public static Figures Median(IReadOnlyList<Figures> runs) => new()
    {
        Way = runs[0].Way,
        Upstreams = Of(runs, r => r.Upstreams),
        Asked = runs[0].Asked,
        Made = Of(runs, r => r.Made),
        Deliveries = Of(runs, r => r.Deliveries),
        P50 = Of(runs, r => r.P50),
        P99 = Of(runs, r => r.P99),
        P999 = Of(runs, r => r.P999),
        Max = Of(runs, r => r.Max),
        Gateway = Of(runs, r => r.Gateway),
        Backend = Of(runs, r => r.Backend),
        Generator = Of(runs, r => r.Generator),
        Lost = runs.Sum(r => r.Lost),
        Doubles = runs.Sum(r => r.Doubles),
        Late = runs.Sum(r => r.Late),
    };

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"| {Way} | {Upstreams:N0} | {Asked:N0} | {Made:N0} | {Deliveries:N0} | {P50:0.00} | {P99:0.00} | {P999:0.0} | {Max:0.0} | {Gateway:0.0} | {Backend:0.0} | {Generator:0.0} | {Lost:N0} | {Doubles:N0} | {Late:N0} |");

    private static double Of(IEnumerable<Figures> runs, Func<Figures, double> figure)
    {
        var sorted = runs.Select(figure).Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
