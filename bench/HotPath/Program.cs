// What carries a user's frames from a silo to a front? Measures the ways that decision 1 chose from, each between a silo's and a
// front's process of its own on this machine: the program starts itself again as both. Ends within a minute.
//   dotnet run -c Release --project bench/HotPath
using System.Globalization;
using Connections.HotPath;
using Connections.HotPath.Front;
using Connections.HotPath.Silo;

switch (args)
{
    case []:
        return await Comparison.RunAsync();
    case ["front", var way]:
        return await FrontProcess.RunAsync(Enum.Parse<Way>(way));
    case ["silo", var way, var siloPort, var gatewayPort]:
        return await SiloProcess.RunAsync(Enum.Parse<Way>(way), Number(siloPort), Number(gatewayPort));
    default:
        await Console.Error.WriteLineAsync("HotPath takes no arguments.");
        return 2;
}

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
