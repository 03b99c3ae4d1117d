using System.Globalization;

namespace Connections.Faults.Tests;

/// <summary>What a row measured, and what it found wrong.</summary>
public sealed record FaultResult(Fault Fault, string Measured, IReadOnlyList<string> Problems)
{
    /// <summary>The heading of the table.</summary>
    public const string Heading = "| fault | expected | measured | pass |\n|---|---|---|---|";

    /// <summary>Its line of the table.</summary>
    public string Line => string.Create(
        CultureInfo.InvariantCulture, $"| {Fault.Name} | {Fault.Expected} | {Measured} | {(Problems.Count == 0 ? "yes" : $"**no**: {Problems[0].Split('\n')[0]}")} |");
}
