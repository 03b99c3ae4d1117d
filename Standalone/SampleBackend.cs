using Connections.Backend;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Connections.Standalone;

/// <summary>The sample backend inside this process.</summary>
internal sealed class SampleBackend(int port) : IHostedService
{
    private readonly WebApplication _app = BackendApp.Build(
        ["--urls", $"http://127.0.0.1:{port}"],
        builder =>
        {
            builder.Logging.AddFilter("Microsoft", LogLevel.Warning);

            // It stops when this process says so, last, and not by itself at Ctrl+C: else the gateway's last dials would be refused.
            builder.Services.Replace(ServiceDescriptor.Singleton<IHostLifetime, NoLifetime>());
        });

    /// <summary>Where it is.</summary>
    public Uri Address { get; } = new($"http://127.0.0.1:{port}");

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => _app.StartAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _app.StopAsync(cancellationToken);
        await _app.DisposeAsync();
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
