using System.Net;
using Connections.Testing;
using Connections.Testing.Processes;
using Connections.Testing.Tabs;

namespace Connections.Door.Tests;

/// <summary>A front has a limit of tabs: the next one is sent elsewhere, and who is there stays.</summary>
public sealed class FillingAFront
{
    [Fact]
    public async Task The_tab_that_is_one_too_many_gets_503_on_every_way_in_and_a_place_when_another_leaves()
    {
        await using var cluster = new GatewayCluster(frontSettings: ["Front:MaxTabs=2"]);
        await cluster.StartAsync(silos: 1, fronts: 1);
        var front = cluster.Fronts[0].Address;
        await using var one = await HubTab.OpenAsync(front, "alice");
        var (two, _) = await RawTab.OpenAsync(front, "bob");

        using var http = new HttpClient { BaseAddress = front };
        foreach (var path in (string[])["/sse", "/ws", "/graphql", "/hubs/connection/negotiate"])
        {
            using var refused = await http.GetAsync($"{path}?user=carol", HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
            Assert.Equal((HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(1)), (refused.StatusCode, refused.Headers.RetryAfter?.Delta));
        }

        // Who only asks takes no place.
        using var asked = await http.GetAsync("/connection?user=carol", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, asked.StatusCode);
        Assert.Equal("open", (await one.AskStateAsync()).Upstream);

        two.Dispose();
        await Eventually.HoldsAsync(
            async () =>
            {
                using var again = await http.GetAsync("/sse?user=carol", HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
                return again.StatusCode == HttpStatusCode.OK;
            },
            "there is a place again");
    }
}
