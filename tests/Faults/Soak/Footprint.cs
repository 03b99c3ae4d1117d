using System.Globalization;
using Connections.Faults.Tests.Stage;
using Connections.Testing.Processes;

namespace Connections.Faults.Tests.Soak;

/// <summary>What the processes hold at a moment, after a collection: what must not grow while the users stay as many.</summary>
public sealed record Footprint(
    double SiloHeapMiB, double FrontHeapMiB, double Files, double Sockets, double Activations, double Users, double Timers)
{
    /// <summary>The heading of a table of them.</summary>
    public const string Heading = "| minute | silos' heap, MiB | fronts' heap, MiB | files | sockets | activations | users | timers |\n|---|---|---|---|---|---|---|---|";

    /// <summary>Collects garbage everywhere, and looks.</summary>
    public static async Task<Footprint> OfAsync(GatewayStage stage)
    {
        ChildProcess[] processes = [.. stage.Silos.Select(s => s.Process), .. stage.Fronts.Select(f => f.Process)];
        foreach (var process in processes)
            await GarbageCollection.CollectAsync(process.Pid);
        var silos = await Task.WhenAll(stage.Silos.Select(s => s.MetricsAsync()));
        var fronts = await Task.WhenAll(stage.Fronts.Select(f => f.MetricsAsync()));
        return new Footprint(
            silos.Sum(HeapMiB),
            fronts.Sum(HeapMiB),
            processes.Sum(p => FilesOf(p).Length),
            processes.Sum(p => FilesOf(p).Count(f => f.StartsWith("socket:", StringComparison.Ordinal))),
            silos.Sum(s => s.Sum("orleans_catalog_activations")),
            silos.Sum(s => s.Sum("connections_users")),
            silos.Concat(fronts).Sum(f => f.Sum("dotnet_timer_count")));
    }

    /// <summary>Its line of the table.</summary>
    public string Line(double minute) => string.Create(
        CultureInfo.InvariantCulture, $"| {minute:0.0} | {SiloHeapMiB:0} | {FrontHeapMiB:0} | {Files:0} | {Sockets:0} | {Activations:0} | {Users:0} | {Timers:0} |");

    private static double HeapMiB(PrometheusFigures figures) => figures.Sum("dotnet_gc_last_collection_heap_size_bytes") / (1 << 20);

    private static string[] FilesOf(ChildProcess process) =>
        [.. Directory.EnumerateFiles(string.Create(CultureInfo.InvariantCulture, $"/proc/{process.Pid}/fd")).Select(f => new FileInfo(f).LinkTarget ?? "")];
}
