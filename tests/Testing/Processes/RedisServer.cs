namespace Connections.Testing.Processes;

/// <summary>A real Redis for one test class, with its append-only file in a folder of its own.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("connections-redis-");
    private ChildProcess? _process;

    /// <summary>Its port on 127.0.0.1.</summary>
    public int Port { get; } = FreePorts.Next();

    /// <summary>How silos and fronts are told of it.</summary>
    public string ConnectionString => $"127.0.0.1:{Port}";

    /// <summary>Starts it, or starts it again after <see cref="StopAsync"/> with what it had stored.</summary>
    public async Task StartAsync()
    {
        _process = ChildProcess.Start(
            "redis", "redis-server", "--port", $"{Port}", "--bind", "127.0.0.1", "--appendonly", "yes", "--save", "", "--dir", _folder.FullName);
        await Eventually.HoldsAsync(
            () => _process.Output.Contains("Ready to accept connections", StringComparison.Ordinal), "redis is ready", seen: () => _process.Output);
    }

    /// <summary>Stops it in order.</summary>
    public async Task StopAsync() => await _process!.TerminateAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
