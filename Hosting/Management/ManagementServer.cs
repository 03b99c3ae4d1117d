using Connections.Hosting.Health;
using Connections.Hosting.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Connections.Hosting.Management;

/// <summary>
/// A small server of its own for health and metrics. It is the first to start and the last to stop, so that a process which waits for its
/// silos, or hands its users over, still says how it is.
/// </summary>
internal sealed class ManagementServer(int port, IServiceProvider process) : IHostedService, IAsyncDisposable
{
    private WebApplication? _app;

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(o => o.ListenAnyIP(port));
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(process.GetRequiredService<ILoggerFactory>());
        _app = builder.Build();
        _app.MapHealth(process);
        _app.MapMetrics(process);
        await _app.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => _app?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app?.DisposeAsync() ?? ValueTask.CompletedTask;
}
