namespace Connections.Testing.Processes;

/// <summary>
/// Silos, fronts, the sample backend and Redis as separate processes, as in a deployment. To add a kind of process, start it in
/// <see cref="StartAsync"/> and end it in <see cref="DisposeAsync"/>; settings for all silos go through <paramref name="siloSettings"/>.
/// </summary>
/// <param name="siloSettings">Settings of every silo, as <c>Section:Name=value</c>.</param>
/// <param name="backendSettings">Settings of the backend.</param>
/// <param name="http2">Whether silos dial the backend over HTTP/2.</param>
/// <param name="frontEnvironment">That of every front; outside Development it takes tokens alone.</param>
/// <param name="heard">Hears every line that silos and fronts write.</param>
/// <param name="frontSettings">Settings of every front; the backend is the destination of <c>/api</c> already.</param>
public sealed class GatewayCluster(
    IEnumerable<string>? siloSettings = null, IEnumerable<string>? backendSettings = null, bool http2 = false, IEnumerable<string>? frontSettings = null,
    string frontEnvironment = "Development", Action<string>? heard = null) : IAsyncDisposable
{
    private readonly List<SiloProcess> _silos = [];
    private readonly List<FrontProcess> _fronts = [];
    private readonly int _backendPort = FreePorts.Next();
    private readonly int _http2Port = FreePorts.Next();
    private ChildProcess? _backend;

    /// <summary>The store.</summary>
    public RedisServer Redis { get; } = new();

    /// <summary>The silos, ended ones too.</summary>
    public IReadOnlyList<SiloProcess> Silos => _silos;

    /// <summary>The fronts, ended ones too.</summary>
    public IReadOnlyList<FrontProcess> Fronts => _fronts;

    /// <summary>The backend's control.</summary>
    public BackendControl Backend { get; private set; } = null!;

    /// <summary>Starts everything and waits until it is ready.</summary>
    public async Task StartAsync(int silos = 2, int fronts = 2)
    {
        await Redis.StartAsync();
        await StartBackendAsync();
        for (var i = 0; i < silos; i++)
            await StartSiloAsync();
        await Task.WhenAll(Enumerable.Range(0, fronts).Select(_ => StartFrontAsync()));
    }

    /// <summary>Starts the backend, or starts it again on the same port.</summary>
    public async Task StartBackendAsync()
    {
        var address = new Uri($"http://127.0.0.1:{_backendPort}");
        _backend = ChildProcess.StartProject("backend", "samples/Backend", ["--urls", address.ToString(), $"--Backend:Http2Port={_http2Port}", .. backendSettings ?? []]);
        await _backend.AnswersAsync(new Uri(address, "/health"));
        Backend = new BackendControl(address);
    }

    /// <summary>Ends the backend as a crash would: dials are refused from now on.</summary>
    public Task KillBackendAsync() => _backend!.KillAsync();

    /// <summary>Stops the backend in the middle of what it does, as a machine that hangs would: its kernel still takes connections.</summary>
    public void FreezeBackend() => _backend!.Freeze();

    /// <summary>Lets a frozen backend go on.</summary>
    public void ThawBackend() => _backend!.Thaw();

    /// <summary>Adds a silo and waits until it can take users.</summary>
    public async Task<SiloProcess> StartSiloAsync()
    {
        var upstream = $"ws://127.0.0.1:{(http2 ? _http2Port : _backendPort)}/ws/{{userId}}";
        string[] settings = [.. siloSettings ?? [], .. http2 ? ["Upstream:Http2=Require"] : Array.Empty<string>()];
        var silo = SiloProcess.Start($"silo-{_silos.Count}", Redis.ConnectionString, upstream, settings, heard);
        _silos.Add(silo);
        await silo.IsReadyAsync();
        return silo;
    }

    /// <summary>Adds a front and waits until it can take tabs.</summary>
    public async Task<FrontProcess> StartFrontAsync()
    {
        var front = FrontProcess.Start(
            $"front-{_fronts.Count}", Redis.ConnectionString, [$"Api:Destination=http://127.0.0.1:{_backendPort}", .. frontSettings ?? []], frontEnvironment, heard);
        lock (_fronts)
            _fronts.Add(front);
        await front.IsReadyAsync();
        return front;
    }

    /// <summary>The last lines of every process and then how each stands, for the message of a failure.</summary>
    public string Output()
    {
        var processes = _silos.Select(s => s.Process).Concat(_fronts.Select(f => f.Process)).ToArray();
        return string.Join("\n\n", processes.Select(p => $"--- {p.Name}\n{p.Output}"))
            + $"\n--- {string.Join(", ", processes.Select(p => $"{p.Name} {(p.HasExited ? $"ended with {p.ExitCode}" : "runs")}"))}";
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var process in _fronts.Select(f => f.Process).Concat(_silos.Select(s => s.Process)))
            await process.DisposeAsync();
        if (_backend is not null)
            await _backend.DisposeAsync();
        Backend?.Dispose();
        await Redis.DisposeAsync();
    }
}
