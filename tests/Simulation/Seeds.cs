using System.Globalization;
using System.Text;
using Connections.Simulation.Tests.World;

namespace Connections.Simulation.Tests;

/// <summary>Which seeds are run, and how a failing one is shown. <c>SIMULATION_SEED</c> runs one alone, <c>SIMULATION_SEEDS</c> says how many.</summary>
internal static class Seeds
{
    private const int Default = 2_000;

    /// <summary>The seeds of a run.</summary>
    public static IEnumerable<int> All => One is { } seed ? [seed] : Enumerable.Range(1, Number("SIMULATION_SEEDS") ?? Default);

    /// <summary>The seed that is looked at.</summary>
    public static int? One => Number("SIMULATION_SEED");

    /// <summary>What went wrong in a world, and how to see it again.</summary>
    public static string Explain(Outcome outcome)
    {
        var text = new StringBuilder().AppendLine(CultureInfo.InvariantCulture, $"Seed {outcome.Seed}: run it alone with SIMULATION_SEED={outcome.Seed}.");
        foreach (var fault in outcome.Faults)
            text.AppendLine(CultureInfo.InvariantCulture, $"  {fault}");
        foreach (var violation in outcome.Violations)
            text.AppendLine(violation.ToString());
        return text.ToString();
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
