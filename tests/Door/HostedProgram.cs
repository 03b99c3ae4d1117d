using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using Connections.Testing;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Connections.Door.Tests;

/// <summary>A program of ours run by its own <c>Main</c> inside this process, so that a test sees the endpoints that it really has, those of its management port too.</summary>
internal sealed class HostedProgram : IAsyncDisposable
{
    private static readonly AsyncLocal<HostedProgram?> Current = new();
    private static readonly IDisposable Listening = DiagnosticListener.AllListeners.Subscribe(new Listeners());

    private readonly ConcurrentQueue<IHost> _hosts = [];
    private readonly Task<int> _running;

    private HostedProgram(string project, string[] args)
    {
        _ = Listening;
        var main = Assembly.Load($"Connections.{project}").EntryPoint!;
        _running = Task.Factory.StartNew(
            () =>
            {
                Current.Value = this;
                return (int)main.Invoke(null, [args])!;
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
    }

    /// <summary>Every endpoint of every port.</summary>
    public IReadOnlyList<Endpoint> Endpoints => [.. _hosts.SelectMany(h => h.Services.GetServices<EndpointDataSource>()).SelectMany(s => s.Endpoints)];

    /// <summary>Where its main port is.</summary>
    public Uri Address => new(_hosts.First().Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Starts one and waits until it and its management server have started.</summary>
    public static async Task<HostedProgram> StartAsync(string project, params string[] args)
    {
        var program = new HostedProgram(project, args);
        await Eventually.HoldsAsync(
            () => program._running.IsCompleted
                ? throw new InvalidOperationException($"{project} ended: {program._running.Exception?.ToString() ?? "see the output"}")
                : program._hosts.Count == 2 && program._hosts.All(h => h.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.IsCancellationRequested),
            $"{project} has started with its management port",
            TimeSpan.FromSeconds(60));
        return program;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _hosts.First().Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        await _running;
    }

    // What a host builder says of each host that it has built.
    private sealed class Listeners : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
    {
        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == "Microsoft.Extensions.Hosting")
                value.Subscribe(this);
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (value is { Key: "HostBuilt", Value: IHost host })
                Current.Value?._hosts.Enqueue(host);
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }
    }
}
