using Connections.Backend;
using Connections.Testing.Processes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Connections.Grains.Tests;

/// <summary>The sample backend in this process on a free port. Ticks are off: every message is one that the test asked for.</summary>
internal sealed class RunningBackend : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RunningBackend(WebApplication app)
    {
        _app = app;
        Control = new BackendControl(new Uri(app.Urls.First()));
    }

    /// <summary>What it saw, and its faults.</summary>
    public BackendControl Control { get; }

    /// <summary>The template for <c>Upstream:Url</c>.</summary>
    public string Upstream => $"ws://{Control.Address.Authority}/ws/{{userId}}";

    public static async Task<RunningBackend> StartAsync(IEnumerable<string> settings)
    {
        var app = BackendApp.Build(
            ["--urls", "http://127.0.0.1:0", "--Backend:TickInterval", "0", "--Backend:MaxMessageBytes", $"{16 << 20}", .. settings.Select(s => $"--{s}")],
            builder => builder.Logging.ClearProviders());
        await app.StartAsync();
        return new RunningBackend(app);
    }

    public async ValueTask DisposeAsync()
    {
        Control.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
