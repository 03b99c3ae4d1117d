using Connections.Testing.Tabs;

namespace Connections.Door.Tests;

/// <summary>A tab by each way in on each front, and a GraphQL socket without a subscription, all opened by one token.</summary>
internal sealed class Lines : IAsyncDisposable
{
    private readonly List<HubTab> _hubs = [];
    private readonly List<RawTab> _raws = [];
    private readonly List<GraphQLTab> _graphs = [];
    private readonly List<EventTab> _streams = [];

    /// <summary>How many there are; GraphQL's subscription goes with its socket.</summary>
    public int Count => _hubs.Count + _raws.Count + _graphs.Count + _streams.Count;

    /// <summary>Opens them.</summary>
    public static async Task<Lines> OpenAsync(ClosedCluster cluster, string token)
    {
        var lines = new Lines();
        foreach (var front in (Uri[])[cluster.First, cluster.Second])
        {
            var query = $"access_token={token}";
            lines._hubs.Add(await HubTab.OpenAsync(front, "", token: token));
            lines._hubs.Add(await HubTab.OpenAsync(front, "", token: token, skipNegotiation: false));
            lines._raws.Add(await RawTab.ConnectAsync(front, query));
            var enveloped = await RawTab.ConnectAsync(front, query, RawTab.Envelopes);
            await enveloped.SendAsync("""{"type":"open"}""");
            lines._raws.Add(enveloped);
            lines._streams.Add(await EventTab.OpenAsync(front, query));
            var subscribed = await GraphQLTab.InitAsync(front, query);
            await subscribed.SubscribeAsync("0", "subscription { state { upstream } }");
            await subscribed.NextAsync("next");
            await subscribed.SendAsync(new { type = "complete", id = "0" });
            await subscribed.SubscribeAsync("1", "subscription { frames { position } }");
            await subscribed.NextAsync("next");
            lines._graphs.Add(subscribed);
            lines._graphs.Add(await GraphQLTab.InitAsync(front, query));
        }

        return lines;
    }

    /// <summary>Waits until every one is closed, with the final code that asks for another token.</summary>
    public async Task AreClosedAsync()
    {
        await Task.WhenAll(_hubs.Select(h => h.Closed).Concat(_streams.Select(s => s.Ended))
            .Concat(_raws.Select(r => (Task)r.UntilClosedAsync())).Concat(_graphs.Select(g => (Task)g.UntilClosedAsync())))
            .WaitAsync(TimeSpan.FromSeconds(15));
        Assert.All(_hubs, h => Assert.Equal(("unauthorized", null), h.Closing));
        Assert.All(_raws, r => Assert.Equal((4501, "unauthorized"), r.Closed));
        Assert.All(_graphs, g => Assert.Equal(4401, g.Closed.Code));
        Assert.All(_streams, s => Assert.Contains(s.Others, o => o.Type == "closing" && o.Data.Contains("unauthorized", StringComparison.Ordinal)));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var hub in _hubs)
            await hub.DisposeAsync();
        foreach (var stream in _streams)
            await stream.DisposeAsync();
        foreach (IDisposable line in _raws.Cast<IDisposable>().Concat(_graphs))
            line.Dispose();
    }
}
