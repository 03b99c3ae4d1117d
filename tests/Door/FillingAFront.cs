using System.Net;
using System.Net.Sockets;
using Connections.Testing;
using Connections.Testing.Processes;
using Connections.Testing.Tabs;

namespace Connections.Door.Tests;

/// <summary>A front has a limit of tabs and one of connections: the next one is sent elsewhere, and who is there stays.</summary>
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

    /// <summary>Long before the process has no file descriptor left, which would be its end.</summary>
    [Fact]
    public async Task A_front_that_has_as_many_connections_as_it_may_says_so_and_then_resets_them_and_goes_on_when_they_leave()
    {
        const int most = 64;
        await using var cluster = new GatewayCluster(frontSettings: [$"Front:MaxConnections={most}"]);
        await cluster.StartAsync(silos: 1, fronts: 1);
        var front = cluster.Fronts[0].Address;
        await using var alice = await HubTab.OpenAsync(front, "alice");

        // Of all kinds, and each ends in a way of its own: a place that does not come back would be missed below.
        using (var http = new HttpClient { BaseAddress = front })
        {
            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/api/hello?user=bob", TestContext.Current.CancellationToken)).StatusCode);
            for (var i = 0; i < most; i++)
            {
                var (raw, _) = await RawTab.OpenAsync(front, "bob");
                raw.Dispose();
                var verbatim = await RawTab.ConnectAsync(front, "user=carol");
                await verbatim.CloseAsync();
            }
        }

        var crowd = new List<Socket>();
        try
        {
            HttpStatusCode? toTab = null, toApi = null;
            while (crowd.Count < 2 * most)
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                crowd.Add(socket);
                try
                {
                    await socket.ConnectAsync(front.Host, front.Port, TestContext.Current.CancellationToken);
                }
                catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset)
                {
                    // The front was faster.
                }

                if (crowd.Count is <= most - 10 or > most)
                    continue;
                toTab ??= await RefusedAsync(front, "/sse?user=dave");
                toApi ??= await RefusedAsync(front, "/api/hello?user=dave");
            }

            Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable), (toTab, toApi));
            await Eventually.HoldsAsync(() => crowd.Count(s => !HasEnded(s)) < most, "no more are there than may be", seen: () => $"{crowd.Count(s => !HasEnded(s))}");
            Assert.InRange(crowd.Count(s => !HasEnded(s)), most - 10, most);
            Assert.Equal("open", (await alice.AskStateAsync()).Upstream);
        }
        finally
        {
            crowd.ForEach(s => s.Dispose());
        }

        await Eventually.HoldsAsync(async () => await RefusedAsync(front, "/api/hello?user=dave") is null, "there is a place again");
        await using var erin = await HubTab.OpenAsync(front, "erin");
        var figures = await cluster.Fronts[0].MetricsAsync();
        Assert.InRange(figures.Sum("connections_line_refusals_total"), 1, 2 * most);
        Assert.InRange(figures.Sum("connections_lines"), 2, 8);
        Assert.Null(alice.Closing);
    }

    private static bool HasEnded(Socket socket) => !socket.Connected || socket.Poll(0, SelectMode.SelectRead);

    // The status that a request was refused with; null when it was not.
    private static async Task<HttpStatusCode?> RefusedAsync(Uri front, string path)
    {
        using var http = new HttpClient { BaseAddress = front };
        try
        {
            using var answer = await http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
            return answer.IsSuccessStatusCode ? null : answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            // Without a word: a reset.
            return HttpStatusCode.RequestTimeout;
        }
    }
}
