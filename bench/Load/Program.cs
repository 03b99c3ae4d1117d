// What does a delivery cost, beside what else one could put there? Plays the backend and all tabs, starts what is between them, each in a
// process of its own on this machine, measures, prints a table, and ends everything.
//   dotnet run -c Release --project bench/Load -- rate    --way raw --users 500 --tabs 4 --rate 2000
//   dotnet run -c Release --project bench/Load -- compare --way raw,signalr,nginx,yarp,signalrredis,direct --rounds 3
// Also peak, storm, idle and outage; the options stand in LoadOptions.cs.
using System.Globalization;
using System.Runtime.InteropServices;
using Connections.Load;
using Connections.Load.Backend;
using Connections.Load.Measuring;
using Connections.Load.Peers;
using Connections.Load.Subjects;
using Connections.Load.Tabs;

// Whoever ends a measurement ends its processes too.
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => Environment.Exit(130));
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => Environment.Exit(143));

switch (args)
{
    case ["rate", ..]:
        return await EachAsync(Measurements.RateAsync);
    case ["peak", ..]:
        return await EachAsync(Measurements.PeakAsync);
    case ["storm", ..]:
        return await EachAsync(Measurements.StormAsync);
    case ["idle", ..]:
        return await EachAsync(Measurements.IdleAsync);
    case ["outage", ..]:
        return await EachAsync(Measurements.OutageAsync);
    case ["compare", ..]:
        await Comparison.RunAsync(Options());
        return 0;
    case ["backend"]:
        await BackendProcess.RunAsync();
        return 0;
    case ["yarp", var port, var backend]:
        await YarpPeer.RunAsync(Number(port), Number(backend));
        return 0;
    case ["hub", var port, var redis, var connectors]:
        await HubPeer.RunAsync(Number(port), Number(redis), Number(connectors));
        return 0;
    case ["hub-per-tab", var port, var backend]:
        await PerTabHubPeer.RunAsync(Number(port), Number(backend));
        return 0;
    case ["bridge", var kind, var port, var target, var backend, var users]:
        await BridgePeer.RunAsync(kind, Number(port), Number(target), Number(backend), Number(users));
        return 0;
    case ["tabs", ..]:
        await Crowd.RunAsync(args[1..]);
        return 0;
    case ["connectors", var port, var redis, var backend]:
        await ConnectorPeer.RunAsync(Number(port), Number(redis), Number(backend));
        return 0;
    default:
        await Console.Error.WriteLineAsync("Say what to measure: rate, peak, storm, idle, outage or compare.");
        return 2;
}

async Task<int> EachAsync(Func<Subject, LoadOptions, Task> measure)
{
    var options = Options();
    foreach (var way in options.Ways())
    {
        using var subject = await SubjectStart.StartAsync(way, options);
        await measure(subject, options);
    }

    return 0;
}

LoadOptions Options()
{
    var options = LoadOptions.Read(args[1..]);
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{Environment.ProcessorCount} cores, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GiB, {RuntimeInformation.FrameworkDescription}; {options.Users:N0} users x {options.Tabs} tabs, {options.Payload} bytes, {options.Silos} silo(s), {options.Fronts} front(s)\n"));
    return options;
}

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
