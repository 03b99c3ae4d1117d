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

    /// <summary>How many writes of users' states it has had: each is one Lua call of the grain storage.</summary>
    public async Task<long> WritesAsync()
    {
        await using var cli = ChildProcess.Start("redis-cli", "redis-cli", "-p", $"{Port}", "info", "commandstats");
        await Eventually.HoldsAsync(() => cli.HasExited, "redis-cli answers");
        var line = cli.Output.Split('\n').FirstOrDefault(l => l.StartsWith("cmdstat_hset:", StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line.Split("calls=")[1].Split(',')[0], System.Globalization.CultureInfo.InvariantCulture);
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
