using Connections.Load.Tabs;

namespace Connections.Load.Subjects;

/// <summary>Starts what is measured.</summary>
internal sealed class SubjectStart(LoadOptions options)
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
            new Subject(way, start._backend, Protocol.Verbatim, _ => "", [], [.. start._processes]).With(start._folder).Dispose();
            throw;
        }
    }

    private Task<Subject> StartAsync(Way way) => way switch
    {
        Way.Raw => GatewayAsync(way, Protocol.Verbatim, "/ws"),
        Way.Envelopes => GatewayAsync(way, Protocol.Envelopes, "/ws"),
        Way.SignalR => GatewayAsync(way, Protocol.ConnectionHub, "/hubs/connection"),
        Way.Direct => Task.FromResult(Made(way, Protocol.Verbatim, u => $"/ws/u{u}", _backend.Port)),
        Way.Nginx => NginxAsync(),
        Way.Yarp => YarpAsync(),
        Way.SignalRRedis => SignalRRedisAsync(),
        _ => throw new ArgumentOutOfRangeException(nameof(way), way, "It cannot be started."),
    };

    private async Task<Subject> GatewayAsync(Way way, Protocol protocol, string path)
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

        return Made(way, protocol, u => $"{path}?user=u{u}", ports);
    }

    private async Task<Subject> NginxAsync()
    {
        var port = FreePort.Next();
        var file = Path.Combine(_folder.Path, "nginx.conf");
        await File.WriteAllTextAsync(file, $$"""
            daemon off; worker_processes {{Environment.ProcessorCount}}; worker_rlimit_nofile 100000; pid nginx.pid; error_log stderr;
            events { worker_connections 50000; }
            http {
              access_log off; client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
              server {
                listen 127.0.0.1:{{port}} backlog=4096;
                location = /health { return 200; }
                location / {
                  proxy_pass http://127.0.0.1:{{_backend.Port}}; proxy_http_version 1.1; proxy_read_timeout 1h;
                  proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection Upgrade;
                }
              }
            }

            """);
        await Start(ChildProcess.Program("nginx", "-e", "stderr", "-p", _folder.Path, "-c", file)).AnswersAsync(port, "/health");
        return Made(Way.Nginx, Protocol.Verbatim, u => $"/ws/u{u}", port);
    }

    private async Task<Subject> YarpAsync()
    {
        var port = FreePort.Next();
        await Start(ChildProcess.Self(["yarp", $"{port}", $"{_backend.Port}"])).AnswersAsync(port, "/health");
        return Made(Way.Yarp, Protocol.Verbatim, u => $"/ws/u{u}", port);
    }

    private async Task<Subject> SignalRRedisAsync()
    {
        var redis = await StartRedisAsync();
        var (connectors, port) = (FreePort.Next(), FreePort.Next());
        await Start(ChildProcess.Self(["connectors", $"{connectors}", $"{redis}", $"{_backend.Port}"])).AnswersAsync(connectors, "/health");
        await Start(ChildProcess.Self(["hub", $"{port}", $"{redis}", $"{connectors}"])).AnswersAsync(port, "/health");
        return Made(Way.SignalRRedis, Protocol.Hub, u => $"/hub?user=u{u}", port);
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

    private Subject Made(Way way, Protocol protocol, Func<int, string> path, params int[] ports) =>
        new(way, _backend, protocol, path, ports, [.. _processes]);
}
