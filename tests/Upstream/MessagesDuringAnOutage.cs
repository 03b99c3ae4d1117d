using System.Globalization;
using Connections.Testing;
using Connections.Testing.Processes;
using Connections.Testing.Tabs;

namespace Connections.Upstream.Tests;

/// <summary>What becomes of the messages that tabs send while the backend is away.</summary>
public sealed class MessagesDuringAnOutage : IAsyncLifetime
{
    private const int Users = 5;
    private const int MessagesPerUser = 200;

    private readonly GatewayCluster _cluster = new(
        siloSettings: ["Outbox:Durable=true", "Upstream:Breaker:BreakDuration=00:00:05", "Connection:Linger=00:00:02"],
        backendSettings: ["--Backend:TickInterval=00:00:00"]);

    public async ValueTask InitializeAsync() => await _cluster.StartAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task A_thousand_queued_messages_arrive_once_and_in_order_and_each_gets_its_final_receipt()
    {
        await using var tabs = await OpenAndLoseTheBackendAsync("queue");
        await Task.WhenAll(tabs.All.Select(tab => SendAllAsync(tab, 1, MessagesPerUser, "queued")));

        await _cluster.Backend.HealAsync();
        await Eventually.HoldsAsync(
            () => tabs.All.All(t => t.LateReceipts.Count == MessagesPerUser), "every message has its final receipt", TimeSpan.FromSeconds(40), _cluster.Output);
        foreach (var tab in tabs.All)
        {
            Assert.All(tab.LateReceipts, r => Assert.Equal("sent", r.Status));
            Assert.Equal(Expected(1, MessagesPerUser), await _cluster.Backend.ReceivedAsync(tab.Opened.User));
        }

        // The stored answer: a tab that is not sure asks again, and nothing is sent twice.
        Assert.Equal("sent", (await tabs.All[0].SendAsync("c:7", "7")).Status);
        Assert.Equal((201L, "expected"), await SkipAsync(tabs.All[0]));
        Assert.Equal(MessagesPerUser, (await _cluster.Backend.ReceivedAsync(tabs.All[0].Opened.User)).Length);
    }

    [Fact]
    public async Task Durable_messages_survive_the_crash_of_every_silo()
    {
        await using var tabs = await OpenAndLoseTheBackendAsync("durable");
        await Task.WhenAll(tabs.All.Select(tab => SendAllAsync(tab, 1, 40, "queued")));

        await Task.WhenAll(_cluster.Silos.Select(s => s.Process.KillAsync()));
        await _cluster.StartSiloAsync();
        await _cluster.Backend.HealAsync();

        foreach (var tab in tabs.All)
        {
            await Eventually.HoldsAsync(
                async () => (await _cluster.Backend.ReceivedAsync(tab.Opened.User)).Length >= 40, "the messages arrive", TimeSpan.FromSeconds(60), _cluster.Output);
            Assert.Equal(Expected(1, 40), await _cluster.Backend.ReceivedAsync(tab.Opened.User));
        }
    }

    private async Task<UserTabs> OpenAndLoseTheBackendAsync(string prefix)
    {
        await _cluster.Backend.HealAsync();
        var tabs = await UserTabs.OpenAsync(_cluster, prefix, Users);
        await Eventually.HoldsAsync(() => tabs.All.All(t => t.State is { Upstream: "open" }), "every upstream is open", seen: _cluster.Output);
        await _cluster.Backend.FaultAsync(new { mode = "refuse", status = 503 });
        await _cluster.Backend.DropAsync();
        await Eventually.HoldsAsync(() => tabs.All.All(t => t.State is { Upstream: not "open" }), "every tab knows", seen: _cluster.Output);
        return tabs;
    }

    private static async Task SendAllAsync(HubTab tab, int first, int count, string status)
    {
        for (var seq = first; seq < first + count; seq++)
            Assert.Equal(status, (await tab.SendAsync(string.Create(CultureInfo.InvariantCulture, $"c:{seq}"), seq.ToString(CultureInfo.InvariantCulture))).Status);
    }

    private static async Task<(long?, string?)> SkipAsync(HubTab tab)
    {
        var receipt = await tab.SendAsync("c:500", "out of turn");
        return (receipt.Expected, receipt.Reason);
    }

    private static IEnumerable<string> Expected(int first, int count) =>
        Enumerable.Range(first, count).Select(n => n.ToString(CultureInfo.InvariantCulture));
}
