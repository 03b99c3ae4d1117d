using Connections.Backend;

namespace Connections.Standalone;

/// <summary>The sample backend inside this process.</summary>
internal sealed class SampleBackend(int port) : IHostedService
{
    private readonly WebApplication _app = BackendApp.Build(
        ["--urls", $"http://127.0.0.1:{port}"],
        builder => builder.Logging.AddFilter("Microsoft", LogLevel.Warning));

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
}
