using System.Globalization;
using Connections.Load.Subjects;

namespace Connections.Load.Measuring;

/// <summary>Ways in turns, so that what else the machine does hits all of them. All are started first and stay; only one has tabs at a time, once they have settled.</summary>
internal static class Comparison
{
    /// <summary>Measures and prints the medians, and each way beside the first one.</summary>
    public static async Task RunAsync(LoadOptions options)
    {
        var subjects = new List<Subject>();
        try
        {
            foreach (var way in options.Ways())
                subjects.Add(await SubjectStart.StartAsync(way, options));
            if (options.Settle > 0)
                await Task.WhenAll(subjects.Select(s => TurnAsync(s, options, options.Settle, 1)));
            var runs = subjects.Select(_ => new List<Figures>()).ToArray();
            for (var round = 0; round < options.Rounds; round++)
            {
                for (var i = 0; i < subjects.Count; i++)
                    runs[i].Add(await TurnAsync(subjects[i], options, options.WarmUp, options.Seconds));
            }

            Print([.. runs.Select(Figures.Median)], options.Rounds);
        }
        finally
        {
            subjects.ForEach(s => s.Dispose());
        }
    }

    private static async Task<Figures> TurnAsync(Subject subject, LoadOptions options, int warmUp, int seconds)
    {
        using var tabs = await Opening.OpenAsync(subject, options, options.Tabs);
        await Opening.GreetAsync(subject, options, tabs);
        return await new Run(subject, options, tabs).MeasureAsync(options.Rate, warmUp, seconds);
    }

    // Tabs at the backend itself have no gateway.
    private static string Ratio(double figure, double first) => first > 0 ? (figure / first).ToString("0.00", CultureInfo.InvariantCulture) : "";

    private static void Print(Figures[] medians, int rounds)
    {
        Console.WriteLine($"Medians of {rounds} turns; lost, doubles and late are sums.");
        Console.WriteLine(Figures.Head);
        foreach (var median in medians)
            Console.WriteLine(median);
        Console.WriteLine();
        Console.WriteLine($"| beside {medians[0].Way} | gateway CPU | gateway and backend CPU | p50 | p99 |");
        Console.WriteLine("|---|---:|---:|---:|---:|");
        var first = medians[0];
        foreach (var m in medians)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {m.Way} | {Ratio(m.Gateway, first.Gateway)} | {(m.Gateway + m.Backend) / (first.Gateway + first.Backend):0.00} | {m.P50 / first.P50:0.00} | {m.P99 / first.P99:0.00} |"));
        }
    }
}
