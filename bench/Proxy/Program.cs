// What does /api cost over bare YARP? Measures the backend directly, bare YARP before it, and a front before it, side by side and in turns,
// each in a process of its own on this machine. Ends within two minutes; the exit code is 1 when a promise is broken.
//   dotnet run -c Release --project bench/Proxy
using System.Globalization;
using Connections.Proxy;

switch (args)
{
    case []:
        return await Comparison.RunAsync();
    case ["backend", var port]:
        await Servers.RunBackendAsync(Number(port));
        return 0;
    case ["bare", var port, var backend]:
        await Servers.RunBareAsync(Number(port), Number(backend));
        return 0;
    default:
        await Console.Error.WriteLineAsync("Proxy takes no arguments.");
        return 2;
}

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
