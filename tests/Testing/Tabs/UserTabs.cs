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
    public static async Task<UserTabs> OpenAsync(GatewayCluster cluster, string prefix, int users)
    {
        var fronts = cluster.Fronts.Where(f => !f.Process.HasExited).ToArray();
        return new UserTabs(await Task.WhenAll(Enumerable.Range(0, users).Select(i =>
            HubTab.OpenAsync(fronts[i % fronts.Length].Address, string.Create(CultureInfo.InvariantCulture, $"{prefix}-{i}")))));
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
