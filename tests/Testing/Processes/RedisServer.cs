namespace Connections.Testing.Processes;

/// <summary>A real Redis for one test class, with its append-only file in a folder of its own.</summary>
/// <param name="place">Where it runs.</param>
/// <param name="parent">Where its folder is; by default that for temporary files.</param>
public sealed class RedisServer(ProcessPlace? place = null, string? parent = null) : IAsyncDisposable
{
    private readonly ProcessPlace _place = place ?? new ProcessPlace();

    private readonly DirectoryInfo _folder = parent is null ? Directory.CreateTempSubdirectory("connections-redis-") : Directory.CreateDirectory(Path.Combine(parent, "redis"));
    private ChildProcess? _process;

    /// <summary>Its port.</summary>
    public int Port { get; } = FreePorts.Next();

    /// <summary>The address that it listens on.</summary>
    public string Host => _place.Address;

    /// <summary>How silos and fronts are told of it.</summary>
    public string ConnectionString => $"{_place.Address}:{Port}";

    /// <summary>Starts it, or starts it again after <see cref="StopAsync"/> or <see cref="KillAsync"/> with what it had stored.</summary>
    public async Task StartAsync()
    {
        string[] command = [.. _place.Prefix ?? [], "redis-server", "--port", $"{Port}", "--bind", _place.Address, "--appendonly", "yes", "--save", "", "--protected-mode", "no", "--dir", _folder.FullName];
        _process = ChildProcess.Start("redis", command[0], command[1..]);
        await Eventually.HoldsAsync(
            () => _process.Output.Contains("Ready to accept connections", StringComparison.Ordinal), "redis is ready", seen: () => _process.Output);
    }

    /// <summary>How many writes of users' states it has had: each is one Lua call of the grain storage.</summary>
    public async Task<long> WritesAsync()
    {
        var line = (await AskAsync("info", "commandstats")).Split('\n').FirstOrDefault(l => l.StartsWith("cmdstat_hset:", StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line.Split("calls=")[1].Split(',')[0], System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Whether a key that matches holds a text, such as a grain's state.</summary>
    /// <param name="pattern">As of Redis' <c>KEYS</c>.</param>
    /// <param name="text">What is looked for.</param>
    public async Task<bool> HoldsAsync(string pattern, string text)
    {
        foreach (var key in (await AskAsync("--raw", "keys", pattern)).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if ((await AskAsync("--raw", "hvals", key)).Contains(text, StringComparison.Ordinal))
                return true;
        }

        return false;
    }

    /// <summary>Stops it in order.</summary>
    public async Task StopAsync() => await _process!.TerminateAsync();

    /// <summary>Gives it a command with its own client, and returns the answer.</summary>
    public async Task<string> AskAsync(params string[] command)
    {
        await using var cli = ChildProcess.Start("redis-cli", "redis-cli", ["-h", _place.Address, "-p", $"{Port}", .. command]);
        await Eventually.HoldsAsync(() => cli.HasExited, "redis-cli answers");
        return cli.Output;
    }

    /// <summary>Ends it as a crash would.</summary>
    public Task KillAsync() => _process!.KillAsync();

    /// <summary>Freezes it: its kernel takes connections, and nothing is answered.</summary>
    public void Freeze() => _process!.Freeze();

    /// <summary>Lets it go on.</summary>
    public void Thaw() => _process!.Thaw();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
