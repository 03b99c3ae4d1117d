namespace Connections.Load.Subjects;

/// <summary>Starts what is measured.</summary>
internal sealed partial class SubjectStart(LoadOptions options)
{
    private readonly Stack<ChildProcess> _processes = new();
    private readonly TempFolder _folder = new();
    private readonly BackendControl _backend = new();

    /// <summary>Starts one and waits until it takes tabs.</summary>
    public static async Task<Subject> StartAsync(Way way, LoadOptions options)
    {
        var start = new SubjectStart(options);
        try
        {
            return (await start.StartAsync(way)).With(start._folder);
        }
        catch
        {
            new Subject(way, start._backend, [], [.. start._processes]).With(start._folder).Dispose();
            throw;
        }
    }

    private Task<Subject> StartAsync(Way way) => way switch
    {
        Way.Raw or Way.Envelopes or Way.SignalR => GatewayAsync(way),
        Way.Direct => Task.FromResult(Made(way, _backend.Port)),
        Way.Nginx => NginxAsync(),
        Way.Haproxy => HaproxyAsync(),
        Way.Yarp => YarpAsync(),
        Way.SignalRRedis => SignalRRedisAsync(),
        Way.SignalRPerTab => SignalRPerTabAsync(),
        Way.Nchan => NchanAsync(),
        Way.Pushpin => PushpinAsync(),
        _ => throw new ArgumentOutOfRangeException(nameof(way), way, "It cannot be started."),
    };

    private async Task<Subject> GatewayAsync(Way way)
    {
        var redis = await StartRedisAsync();
        string[] set = [.. options.Set.Select(s => $"--{s}")];
        for (var i = 0; i < options.Silos; i++)
        {
            var management = FreePort.Next();
            await Start(ChildProcess.Project("Silo",
            [
                "--urls", $"http://127.0.0.1:{management}", $"--ConnectionStrings:redis=127.0.0.1:{redis}", "--Silo:AdvertisedAddress=127.0.0.1",
                $"--Silo:SiloPort={FreePort.Next()}", $"--Silo:GatewayPort={FreePort.Next()}", $"--Upstream:Url=ws://127.0.0.1:{_backend.Port}/ws/{{userId}}", .. set,
            ])).AnswersAsync(management, "/health/ready");
        }

        var ports = new int[options.Fronts];
        for (var i = 0; i < ports.Length; i++)
        {
            ports[i] = FreePort.Next();
            await Start(ChildProcess.Project("WebFront", ["--urls", $"http://127.0.0.1:{ports[i]}", $"--ConnectionStrings:redis=127.0.0.1:{redis}", .. set]))
                .AnswersAsync(ports[i], "/health/ready");
        }

        return Made(way, ports);
    }

    private async Task<int> StartRedisAsync()
    {
        var port = FreePort.Next();
        await Start(ChildProcess.Program(
            "redis-server", "--port", $"{port}", "--bind", "127.0.0.1", "--appendonly", "yes", "--save", "", "--dir", _folder.Path)).ListensAsync(port);
        return port;
    }

    private ChildProcess Start(ChildProcess process)
    {
        _processes.Push(process);
        return process;
    }

    private Subject Made(Way way, params int[] ports) => new(way, _backend, ports, [.. _processes]);
}
