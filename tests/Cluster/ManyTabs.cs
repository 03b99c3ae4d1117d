using System.Globalization;
using Connections.Testing;
using Connections.Testing.Processes;
using Connections.Testing.Tabs;

namespace Connections.Cluster.Tests;

/// <summary>Users with several tabs each that come back by themselves, to any front that lives, as behind a balancer.</summary>
internal sealed class ManyTabs : IAsyncDisposable
{
    private const int OpenedAtOnce = 50;

    private readonly List<LastingTab> _tabs = [];

    public IReadOnlyList<LastingTab> All => _tabs;

    public static async Task<ManyTabs> OpenAsync(GatewayCluster cluster, string prefix, int users, int tabsPerUser)
    {
        var many = new ManyTabs();
        foreach (var some in Enumerable.Range(0, users * tabsPerUser).Chunk(OpenedAtOnce))
        {
            many._tabs.AddRange(await Task.WhenAll(some.Select(i => LastingTab.OpenAsync(history => HubTab.OpenAsync(
                AnyFront(cluster), string.Create(CultureInfo.InvariantCulture, $"{prefix}-{i % users}"), history)))));
        }

        await many.AllGoOnAsync(cluster, "every tab has frames");
        return many;
    }

    public Task AllGoOnAsync(GatewayCluster cluster, string what)
    {
        var seen = _tabs.Select(t => t.History.Count).ToArray();
        return Eventually.HoldsAsync(
            () => _tabs.Select((t, i) => t.History.Count > seen[i] + 1).All(x => x), what, TimeSpan.FromSeconds(90), cluster.Output);
    }

    /// <summary>What broke a promise: an order, a gap, a resume that did not succeed, or a message of the backend that is missing without a marker.</summary>
    public IEnumerable<string> Faults() => _tabs.SelectMany(t =>
        t.History.Violations
            .Concat(t.History.Gaps.Select(g => $"{t.User}: gap {g.Reason}"))
            .Concat(t.NotRecovered > 0 ? [$"{t.User}: {t.NotRecovered} resumes were refused"] : [])
            .Concat(t.History.UnmarkedJumps.Select(j => $"{t.User}: {j}")));

    public async ValueTask DisposeAsync() => await Task.WhenAll(_tabs.Select(t => t.DisposeAsync().AsTask()));

    private static Uri AnyFront(GatewayCluster cluster)
    {
        var alive = cluster.Fronts.Where(f => !f.Process.HasExited).ToArray();
        return alive[Random.Shared.Next(alive.Length)].Address;
    }
}
