using System.Net;
using Connections.Testing;
using Connections.Testing.Processes;
using Connections.Testing.Tabs;

namespace Connections.Cluster.Tests;

/// <summary>Something of everything that is measured: tabs that come, send, leave and resume, a breaker that opens and recovers, calls that fail.</summary>
internal static class MeasuredLoad
{
    public static async Task RunAsync(GatewayCluster cluster, string user)
    {
        var history = new TabHistory();
        await using (var first = await HubTab.OpenAsync(cluster.Fronts[0].Address, user, history))
        {
            await Eventually.HoldsAsync(() => history.Count > 3, "the tab has frames", seen: cluster.Output);
            Assert.Equal("sent", (await first.SendAsync($"{user}:1", "hello")).Status);
        }

        await using var resumed = await HubTab.OpenAsync(cluster.Fronts[0].Address, user, history);
        await using var foreign = await HubTab.ConnectAsync(cluster.Fronts[1].Address, user);
        await foreign.OpenAtAsync("00c3a1f09b7d2e44-7");
        using var http = new HttpClient { BaseAddress = cluster.Fronts[0].Address };
        Assert.Equal(HttpStatusCode.OK, await CallAsync(http, user));

        await cluster.Backend.FaultAsync(new { mode = "refuse", status = 503, users = new[] { user }, api = "fail" });
        await cluster.Backend.DropAsync(user);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await CallAsync(http, user));
        await Eventually.HoldsAsync(() => foreign.State?.Breaker.State == "open", "the user's breaker is open", TimeSpan.FromSeconds(30), cluster.Output);
        await cluster.Backend.HealAsync();

        // The break is over by an operator's word, so that nobody waits for it.
        using (var reset = await http.PostAsync(new Uri($"/admin/users/{user}/breaker/reset?user=operator", UriKind.Relative), null))
            Assert.Equal(HttpStatusCode.OK, reset.StatusCode);
        await Eventually.HoldsAsync(() => foreign.State is { Upstream: "open", Breaker.State: "closed" }, "the user's upstream is back", TimeSpan.FromSeconds(30), cluster.Output);
    }

    private static async Task<HttpStatusCode> CallAsync(HttpClient http, string user)
    {
        using var response = await http.GetAsync(new Uri($"/api/hello?user={user}", UriKind.Relative));
        return response.StatusCode;
    }
}
