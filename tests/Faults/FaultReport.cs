namespace Connections.Faults.Tests;

/// <summary>The table of a run, which is in docs/reliability.md: printed as it grows, and left in a file beside the tests.</summary>
public static class FaultReport
{
    private static readonly Lock Gate = new();
    private static readonly string File = Path.Combine(AppContext.BaseDirectory, "matrix.md");

    /// <summary>Begins it.</summary>
    public static void Begin() => System.IO.File.WriteAllText(File, $"{FaultResult.Heading}\n");

    /// <summary>Adds a line.</summary>
    public static void Add(FaultResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        lock (Gate)
            System.IO.File.AppendAllText(File, $"{result.Line}\n");
    }
}
