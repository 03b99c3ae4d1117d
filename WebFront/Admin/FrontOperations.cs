using Connections.Grains.Abstractions.Operating;
using Connections.Hosting.Draining;
using Connections.WebFront.Identity;
using Connections.WebFront.Sessions;
using Connections.WebFront.Silos;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Connections.WebFront.Admin;

/// <summary>Answers operators about this front, whichever front they asked: says hello to the registry every 2 s.</summary>
/// <remarks>The runtime holds observers weakly; this singleton is what keeps it alive.</remarks>
internal sealed class FrontOperations(
    SessionRegistry sessions, SessionServices services, TokenWatch tokens, DrainState drain, IClusterClient cluster, IServer server, IHostApplicationLifetime lifetime, TimeProvider time) : BackgroundService, IFrontOperations
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan DrainPatience = TimeSpan.FromSeconds(4);

    /// <inheritdoc/>
    public Task<TabExplanation[]> Tabs(string userId)
    {
        if (sessions.Find(userId) is not { } session)
            return Task.FromResult<TabExplanation[]>([]);
        var top = session.Top?.Offset ?? 0;
        return Task.FromResult(session.Tabs
            .Select(t => new TabExplanation(t.Id, t.Cursor.ToString(), Math.Max(0, top - t.Cursor.Offset), (long)t.WritingFor.TotalMilliseconds))
            .ToArray());
    }

    /// <inheritdoc/>
    public Task<int> Disconnect(string userId) => sessions.DisconnectAsync(userId);

    /// <inheritdoc/>
    public Task<int> TokensRevoked() => tokens.LookNowAsync();

    /// <inheritdoc/>
    public async Task<int> Drain()
    {
        drain.Begin();
        var tabs = sessions.Sessions.Sum(s => s.Tabs.Count);
        using var limit = new CancellationTokenSource(DrainPatience, time);
        try
        {
            await sessions.CloseAllAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            // Who could not be told in time loses the line and comes back all the same.
        }

        return tabs;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            // A client that has not connected yet knows no grains.
            await lifetime.StartedAsync(stoppingToken);
            var registry = cluster.GetGrain<IFrontRegistryGrain>(0);
            var reference = cluster.CreateObjectReference<IFrontOperations>(this);
            do
            {
                await SayHelloAsync(registry, reference);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The front stops.
        }
    }

    private async Task SayHelloAsync(IFrontRegistryGrain registry, IFrontOperations reference)
    {
        string[] addresses = [.. server.Features.Get<IServerAddressesFeature>()?.Addresses ?? []];
        try
        {
            await registry.Hello(new FrontHello(services.FrontId, addresses, sessions.Users, sessions.Tabs, drain.IsDraining, reference));
        }
        catch (Exception e) when (e is TimeoutException or OrleansException)
        {
            // Two seconds later again.
        }
    }
}
