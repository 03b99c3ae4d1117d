using Connections.Testing.Processes;

namespace Connections.Standalone.Tests;

/// <summary>The one-command process, on ports and in a data folder of its own.</summary>
internal sealed class StandaloneProcess : IAsyncDisposable
{
    private StandaloneProcess(ChildProcess process, Uri address, BackendControl backend)
    {
        Process = process;
        Address = address;
        Backend = backend;
    }

    public ChildProcess Process { get; }

    public Uri Address { get; }

    public BackendControl Backend { get; }

    public static async Task<StandaloneProcess> StartAsync(string dataPath, params string[] settings)
    {
        var address = new Uri($"http://127.0.0.1:{FreePorts.Next()}");
        var backendPort = FreePorts.Next();
        var process = ChildProcess.StartProject(
            "standalone",
            "Standalone",
            ["--urls", address.ToString(), $"--Standalone:BackendPort={backendPort}", $"--Standalone:DataPath={dataPath}", .. settings],
            workingDirectory: Path.GetDirectoryName(Repository.Program("Standalone")));
        var standalone = new StandaloneProcess(process, address, new BackendControl(new Uri($"http://127.0.0.1:{backendPort}")));
        try
        {
            await process.AnswersAsync(new Uri(address, "/health/ready"));
            return standalone;
        }
        catch
        {
            await standalone.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Backend.Dispose();
        await Process.DisposeAsync();
    }
}
