using System.Collections.Concurrent;
using Connections.Grains.Abstractions.Api;
using Connections.WebFront.Sessions;
using Connections.WebFront.Silos;
using Connections.WebFront.Telemetry;
using Connections.WebFront.Wire;

namespace Connections.WebFront.Api;

/// <summary>The replicas of all routes' breakers: hears of transitions from their grains, and reports to them once a second.</summary>
/// <remarks>The runtime holds observers weakly; this singleton is what keeps it alive.</remarks>
internal sealed class RouteBreakers : BackgroundService, IApiBreakerWatcher, IBreakerBoard
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, RouteBreaker> _routes;
    private readonly ConcurrentDictionary<Tab, bool> _tabs = [];
    private readonly IClusterClient _cluster;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly TimeProvider _time;
    private IApiBreakerWatcher? _reference;

    /// <summary>Makes one for each route.</summary>
    public RouteBreakers(ApiRoutes routes, IClusterClient cluster, SessionServices services, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<RouteBreakers> logger)
    {
        _lifetime = lifetime;
        _cluster = cluster;
        _time = time;
        _routes = routes.Rules.ToDictionary(
            r => r.Key,
            r => new RouteBreaker(
                r.Key, r.Value, () => cluster.GetGrain<IApiBreakerGrain>(r.Key), services.FrontId, TellTabs, time, logger),
            StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public IReadOnlyList<WireApiBreaker> Breakers => [.. _routes.Values.OrderBy(r => r.Name, StringComparer.Ordinal).Select(r => r.Wire)];

    /// <inheritdoc/>
    public void Add(Tab tab) => _tabs[tab] = true;

    /// <inheritdoc/>
    public void Remove(Tab tab) => _tabs.TryRemove(tab, out _);

    /// <summary>The breaker of a route.</summary>
    public RouteBreaker Of(string route) => _routes[route];

    /// <inheritdoc/>
    Task IApiBreakerWatcher.Changed(ApiBreakerView view)
    {
        if (_routes.TryGetValue(view.Name, out var route))
            route.Follow(view);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_routes.Count == 0)
            return;
        foreach (var route in _routes.Keys)
            ApiMetrics.Begin(route);
        using var timer = new PeriodicTimer(Interval, _time);
        try
        {
            // A client that has not connected yet knows no grains. Requests that come earlier wait for the first answer.
            await _lifetime.StartedAsync(stoppingToken);
            do
            {
                await ReportAsync();
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The front stops.
        }
    }

    private void TellTabs()
    {
        foreach (var (tab, _) in _tabs)
            tab.BreakersChanged();
    }

    private Task ReportAsync()
    {
        _reference ??= _cluster.CreateObjectReference<IApiBreakerWatcher>(this);
        return Task.WhenAll(_routes.Values.Select(r => r.ReportAsync(_reference)));
    }
}
