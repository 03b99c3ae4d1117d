using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Connections.Hosting.Draining;

/// <summary>
/// Takes SIGTERM and Ctrl+C: first every <see cref="IDrain"/>, then the stop. The host's own lifetime begins with the stop, and the web server
/// closes its connections before anyone could tell them why. A second signal skips the drain.
/// </summary>
internal sealed partial class DrainLifetime(
    IHostApplicationLifetime application,
    IServiceProvider services,
    DrainState state,
    IOptions<DrainOptions> options,
    TimeProvider time,
    ILogger<DrainLifetime> logger) : IHostLifetime, IDisposable
{
    private readonly List<PosixSignalRegistration> _signals = [];
    private int _signalled;

    /// <inheritdoc/>
    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGQUIT])
            _signals.Add(PosixSignalRegistration.Create(signal, OnSignal));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => _signals.ForEach(s => s.Dispose());

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _signalled) == 1)
            _ = DrainAndStopAsync();
        else
            application.StopApplication();
    }

    private async Task DrainAndStopAsync()
    {
        state.Begin();
        try
        {
            // Who has not started has nobody to tell.
            if (application.ApplicationStarted.IsCancellationRequested)
                await DrainAsync();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Log.Incomplete(logger, e);
        }
        finally
        {
            application.StopApplication();
        }
    }

    private async Task DrainAsync()
    {
        await Task.Delay(options.Value.Delay, time, application.ApplicationStopping);
        using var limit = new CancellationTokenSource(options.Value.Patience, time);
        await Task.WhenAll(services.GetServices<IDrain>().Select(d => d.DrainAsync(limit.Token))).WaitAsync(limit.Token);
    }

    private static partial class Log
    {
        [LoggerMessage(10, LogLevel.Warning, "Not everything was drained before the stop")]
        public static partial void Incomplete(ILogger logger, Exception error);
    }
}

/// <summary>Puts the lifetime in place.</summary>
public static class DrainLifetimeSetup
{
    /// <summary>Drains before the stop.</summary>
    public static void AddDrainLifetime(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddOptions<DrainOptions>().Bind(builder.Configuration.GetSection(DrainOptions.Section))
            .ValidateDataAnnotations().ValidateOnStart();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<DrainState>();
        builder.Services.Replace(ServiceDescriptor.Singleton<IHostLifetime, DrainLifetime>());
    }
}
