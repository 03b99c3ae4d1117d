using System.Net;
using System.Net.Sockets;
using Connections.Testing;
using Connections.Testing.Processes;

namespace Connections.Compose.Tests;

/// <summary>The whole of docker-compose.yml under a name of its own, started once and taken down with its volumes at the end.</summary>
public sealed class ComposeStack : IAsyncLifetime
{
    private static readonly Dictionary<string, string> Environment = new()
    {
        ["COMPOSE_PROJECT_NAME"] = "connections-test",
        ["CONNECTIONS_PORT"] = "18080",
        ["BACKEND_TICK"] = "00:00:00.500",
    };

    /// <summary>Why there is no stack, or null.</summary>
    public string? Missing { get; private set; }

    /// <summary>How long it took until everything was healthy, builds of missing images included.</summary>
    public TimeSpan StartTook { get; private set; }

    /// <summary>The balancer.</summary>
    public Uri Address { get; } = new("http://127.0.0.1:18080");

    /// <summary>The Prometheus of the stack's monitoring profile.</summary>
    public PrometheusServer Prometheus { get; private set; } = null!;

    /// <summary>The sample backend's own word.</summary>
    public BackendControl Backend { get; private set; } = null!;

    /// <summary>What tokens are signed with.</summary>
    public string SigningKey { get; private set; } = "";

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (!await Docker.AnswersAsync())
        {
            Missing = "no Docker engine answers: start one to run the compose test";
            return;
        }

        await Docker.RunAsync(Environment, Path.Combine(Repository.Root, "deploy", "secrets.sh"));
        SigningKey = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "deploy", "secrets", "signing-key"));
        await DownAsync();
        var started = TimeProvider.System.GetTimestamp();
        await ComposeAsync("up", "--detach", "--wait");
        StartTook = TimeProvider.System.GetElapsedTime(started);
        await FindBackendAsync();
        await ComposeAsync("--profile", "monitoring", "up", "--detach", "--wait", "--no-deps", "prometheus");
        Prometheus = new PrometheusServer(await AddressAsync("prometheus", 9090));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Backend?.Dispose();
        Prometheus?.Dispose();
        if (Missing is null)
            await DownAsync();
    }

    /// <summary>Runs docker compose.</summary>
    public static Task<string> ComposeAsync(params string[] args) => Docker.RunAsync(Environment, "docker", ["compose", .. args]);

    /// <summary>Brings a service to a number of containers, and waits until they are healthy.</summary>
    public static Task ScaleAsync(string service, int count) =>
        ComposeAsync("up", "--detach", "--wait", "--no-deps", "--no-recreate", "--scale", $"{service}={count}", service);

    /// <summary>Replaces a service's containers one after the other, as an operator does.</summary>
    public static Task RollAsync(string service) => Docker.RunAsync(Environment, Path.Combine(Repository.Root, "deploy", "rolling.sh"), service);

    /// <summary>A service's running containers.</summary>
    public static async Task<string[]> ContainersAsync(string service) =>
        (await ComposeAsync("ps", "--quiet", service)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Waits until every container of a service is healthy.</summary>
    public static Task IsHealthyAsync(string service, int count) => Eventually.HoldsAsync(
        async () =>
        {
            var states = await ComposeAsync("ps", "--format", "{{.Health}}", service);
            return states.Split('\n').Count(s => s == "healthy") == count;
        },
        $"{count} {service} are healthy",
        TimeSpan.FromSeconds(90));

    /// <summary>The last lines of every service's log, for the message of a failure.</summary>
    public static Task<string> LogsAsync() => ComposeAsync("logs", "--no-color", "--tail", "20");

    /// <summary>Finds the backend, anew after it was started anew.</summary>
    public async Task FindBackendAsync()
    {
        Backend?.Dispose();
        Backend = new BackendControl(await AddressAsync("backend", 8008));
    }

    /// <summary>A figure of each silo, by its own word.</summary>
    public static async Task<double[]> OnSilosAsync(string metric)
    {
        var figures = new List<double>();
        foreach (var silo in await ContainersAsync("silo"))
            figures.Add((await PrometheusFigures.ReadAsync(await ContainerAsync(silo, 9090))).Sum(metric));
        return [.. figures];
    }

    private static async Task<Uri> AddressAsync(string service, int port) => await ContainerAsync((await ContainersAsync(service))[0], port);

    // What is not published is reached by its address, on the machine that runs the engine.
    private static async Task<Uri> ContainerAsync(string container, int port)
    {
        var addresses = await Docker.RunAsync("inspect", "--format", "{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}", container);
        var address = addresses.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
        Assert.True(IPAddress.TryParse(address, out var ip) && ip.AddressFamily is AddressFamily.InterNetwork);
        return new Uri($"http://{address}:{port}");
    }

    private static Task<string> DownAsync() => ComposeAsync("--profile", "monitoring", "down", "--volumes", "--timeout", "1");
}
