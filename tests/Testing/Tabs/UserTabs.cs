using System.Globalization;
using Connections.Testing.Processes;

namespace Connections.Testing.Tabs;

/// <summary>One tab each of several users, spread over the fronts.</summary>
public sealed class UserTabs : IAsyncDisposable
{
    private UserTabs(HubTab[] all) => All = all;

    /// <summary>The tabs.</summary>
    public IReadOnlyList<HubTab> All { get; }

    /// <summary>Opens them.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="prefix">What the users' names begin with.</param>
    /// <param name="users">How many.</param>
    /// <param name="atOnce">How many come in one moment.</param>
    public static async Task<UserTabs> OpenAsync(GatewayCluster cluster, string prefix, int users, int atOnce = int.MaxValue)
    {
        var fronts = cluster.Fronts.Where(f => !f.Process.HasExited).ToArray();
        var tabs = new List<HubTab>(users);
        foreach (var crowd in Enumerable.Range(0, users).Chunk(Math.Min(atOnce, users)))
        {
            tabs.AddRange(await Task.WhenAll(crowd.Select(i =>
                HubTab.OpenAsync(fronts[i % fronts.Length].Address, string.Create(CultureInfo.InvariantCulture, $"{prefix}-{i}")))));
        }

        return new UserTabs([.. tabs]);
    }

    /// <summary>Waits until each tab has a message that it does not have now.</summary>
    public Task AllHaveFramesAfterNowAsync(GatewayCluster cluster)
    {
        var seen = All.Select(t => t.History.Count).ToArray();
        return Eventually.HoldsAsync(
            () => All.Select((t, i) => t.History.Count > seen[i] && t.History.Newest?.Kind == "text").All(x => x),
            "every tab has new frames",
            TimeSpan.FromSeconds(30),
            cluster.Output);
    }

    /// <summary>How many of the users have an upstream, by the backend's count.</summary>
    public async Task<int> ConnectedUpstreamsAsync(GatewayCluster cluster) =>
        (await Task.WhenAll(All.Select(t => cluster.Backend.UserAsync(t.Opened.User)))).Count(u => u.Connections > 0);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var tab in All)
            await tab.DisposeAsync();
    }
}
