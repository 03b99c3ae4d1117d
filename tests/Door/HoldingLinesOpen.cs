using System.Globalization;
using Connections.Testing;
using Connections.Testing.Processes;
using Connections.Testing.Tabs;

namespace Connections.Door.Tests;

/// <summary>
/// Thousands of connections that never finish a request and hundreds of tabs that never read leave healthy users' times within twice of what they
/// were. The whole form: <c>DOOR_HALF_OPEN=10000 DOOR_SLOW=1000</c>, on a machine that has nothing else to do.
/// </summary>
[Collection(nameof(Alone))]
public sealed class HoldingLinesOpen(ITestOutputHelper output)
{
    private const int Healthy = 20;
    private const int SlowUsers = 20;

    private static readonly int HalfOpen = Number("DOOR_HALF_OPEN", 1_000);
    private static readonly int Slow = Number("DOOR_SLOW", 100);

    // The small form runs wherever the tests do: what a busy machine does to a hundredth of the calls is not the gateway's.
    private static readonly double LeastMs = HalfOpen < 10_000 ? 250 : 0;

    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(HalfOpen < 10_000 ? 2 : 10);

    [Fact]
    public async Task Healthy_users_p99_stays_within_twice_of_what_it_was()
    {
        await using var cluster = new GatewayCluster(backendSettings: ["--Backend:TickInterval=0"]);
        await cluster.StartAsync(silos: 1, fronts: 1);
        var front = cluster.Fronts[0].Address;
        var tabs = await Task.WhenAll(Enumerable.Range(0, Healthy).Select(i => HubTab.OpenAsync(front, $"healthy-{i}")));
        await Eventually.HoldsAsync(async () => await cluster.Backend.ConnectionsAsync() == Healthy, "the upstreams are open");
        await MeasureAsync(tabs, "warm");
        var before = await MeasureAsync(tabs, "before");

        var lines = new List<IDisposable>();
        try
        {
            for (var i = 0; i < HalfOpen; i++)
                lines.Add(await HalfOpenAsync(front, i));
            for (var i = 0; i < Slow; i++)
                lines.Add(await RawLine.UpgradeAsync(front, $"/ws?user=slow-{i % SlowUsers}"));
            await Eventually.HoldsAsync(async () => await cluster.Backend.ConnectionsAsync() == Healthy + Math.Min(Slow, SlowUsers), "the slow ones have upstreams");

            // More than the lines of those who do not read can hold.
            using var http = new HttpClient();
            for (var i = 0; i < Math.Min(Slow, SlowUsers); i++)
                (await http.PostAsync(new Uri(cluster.Backend.Address, $"/push/slow-{i}?count=100&size=20000"), null)).EnsureSuccessStatusCode();
            var during = await MeasureAsync(tabs, "during");

            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{HalfOpen} half-open connections and {Slow} slow tabs: p99 {before:0.0} ms before, {during:0.0} ms during ({during / before:0.00} times)."));
            Assert.True(during <= Math.Max(2 * before, LeastMs), $"p99 went from {before:0.0} ms to {during:0.0} ms.");
        }
        finally
        {
            foreach (var line in lines)
                line.Dispose();
        }

        Assert.All(tabs, t => Assert.False(t.Closed.IsCompleted));
        Assert.All(cluster.Fronts.Select(f => f.Process).Concat(cluster.Silos.Select(s => s.Process)), p => Assert.False(p.HasExited));
        foreach (var tab in tabs)
            await tab.DisposeAsync();
    }

    // Half of them say nothing at all, and half of the others stop within their headers, the rest within a body.
    private static async Task<IDisposable> HalfOpenAsync(Uri front, int i)
    {
        var line = await RawLine.ConnectAsync(front);
        if (i % 4 == 1)
            await line.SendAsync("GET /connection HTTP/1.1\r\nHost: a\r\nX-A: ");
        if (i % 4 == 3)
            await line.SendAsync("POST /messages?user=mallory HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{");
        return line;
    }

    private async Task<double> MeasureAsync(HubTab[] tabs, string turn)
    {
        var started = TimeProvider.System.GetTimestamp();
        var times = (await Task.WhenAll(tabs.Select(t => SendAsync(t, turn, started)))).SelectMany(t => t).Order().ToArray();
        var p99 = times[(int)(times.Length * 0.99)];
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{turn}: {times.Length} messages, p50 {times[times.Length / 2]:0.0} ms, p99 {p99:0.0} ms"));
        return p99;
    }

    // From the tab over front and silo to the backend's socket, and the receipt back.
    private static async Task<List<double>> SendAsync(HubTab tab, string client, long started)
    {
        var times = new List<double>();
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        for (var seq = 1; TimeProvider.System.GetElapsedTime(started) < Turn; seq++)
        {
            var sent = TimeProvider.System.GetTimestamp();
            Assert.Equal("sent", (await tab.SendAsync($"{client}:{seq}", "x")).Status);
            times.Add(TimeProvider.System.GetElapsedTime(sent).TotalMilliseconds);
            await pace.WaitForNextTickAsync();
        }

        return times;
    }

    private static int Number(string name, int or) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var number) ? number : or;
}
