using Connections.Backend.Hosting;

namespace Connections.Backend;

/// <summary>Runs the sample backend in a process of its own. What it offers is listed in <see cref="BackendApp"/>.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        if (args.Contains(HealthProbe.Argument))
            return await HealthProbe.RunAsync();
        await BackendApp.Build(args).RunAsync();
        return 0;
    }
}
