using System.Globalization;
using System.Runtime.InteropServices;
using Connections.HotPath.Front;

namespace Connections.HotPath;

/// <summary>Has every way measured, one after the other, and prints the table.</summary>
internal static class Comparison
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(58);

    /// <summary>Runs it.</summary>
    /// <returns>The exit code: 0 when every way was measured.</returns>
    public static async Task<int> RunAsync()
    {
        using var limit = new CancellationTokenSource(Limit, TimeProvider.System);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"""
            {Environment.ProcessorCount} cores, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GiB, {RuntimeInformation.FrameworkDescription}
            {Measurement.Users:N0} users, messages of {Message.Length} bytes, one silo and one front process on one machine

            {Figures.Head}
            """));
        foreach (var way in Enum.GetValues<Way>())
        {
            if (!await MeasureAsync(way, limit.Token))
                return 1;
        }

        return 0;
    }

    private static async Task<bool> MeasureAsync(Way way, CancellationToken limit)
    {
        using var front = ChildProcess.Start("front", way.ToString());
        try
        {
            while (await front.StandardOutput.ReadLineAsync(limit) is { } line)
                Console.WriteLine(line);
            await front.WaitForExitAsync(limit);
            return front.ExitCode == 0;
        }
        catch (OperationCanceledException)
        {
            front.Kill(entireProcessTree: true);
            await Console.Error.WriteLineAsync($"Not done within {Limit.TotalSeconds} s: the rows above are all there is. Is the machine busy?");
            return false;
        }
    }
}
