namespace Connections.Backend;

/// <summary>Runs the sample backend in a process of its own. What it offers is listed in <see cref="BackendApp"/>.</summary>
internal static class Program
{
    private static Task Main(string[] args) => BackendApp.Build(args).RunAsync();
}
