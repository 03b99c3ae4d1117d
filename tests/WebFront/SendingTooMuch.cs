using System.Net.WebSockets;
using Connections.Grains.Abstractions;
using Connections.Testing;
using Connections.Testing.Tabs;

namespace Connections.WebFront.Tests;

/// <summary>What a user or a tab may send and hold: beyond it comes an honest answer, and who does not listen is closed.</summary>
public sealed class SendingTooMuch(SharedRedis redis) : GatewayPerTest(redis)
{
    [Fact]
    public async Task A_tab_that_sends_too_fast_is_told_so_and_another_tab_is_not()
    {
        await StartAsync("Front:SendLimit:MessagesPerSecond=1");
        await using var fast = await OpenAsync();
        await using var calm = await OpenAsync();

        var receipts = await SendAtOnceAsync(fast, "fast", 3, "x");

        // Two seconds' worth may come at once.
        Assert.Equal([("sent", null), ("sent", null), ("rejected", "rate")], receipts.Select(r => (r.Status, r.Reason)));
        Assert.Equal("sent", (await calm.SendAsync("calm:1", "x")).Status);
        Assert.Null(fast.Closing);
    }

    [Fact]
    public async Task Bytes_count_as_well_as_messages()
    {
        await StartAsync("Front:SendLimit:BytesPerSecond=1000");
        await using var tab = await OpenAsync();

        var receipts = await SendAtOnceAsync(tab, "b", 10, new string('x', 1_900));

        Assert.Equal("sent", receipts[0].Status);
        Assert.Contains(receipts, r => r is { Status: "rejected", Reason: "rate" });
    }

    [Fact]
    public async Task A_user_with_many_tabs_has_one_limit()
    {
        await StartAsync("Connection:SendLimit:MessagesPerSecond=1");
        await using var one = await OpenAsync();
        await using var two = await OpenAsync();

        var receipts = (await Task.WhenAll(SendAtOnceAsync(one, "one", 8, "x"), SendAtOnceAsync(two, "two", 8, "x"))).SelectMany(r => r).ToArray();

        Assert.InRange(receipts.Count(r => r.Status == "sent"), 2, 15);
        Assert.Contains(receipts, r => r is { Status: "rejected", Reason: "rate" });
    }

    [Fact]
    public async Task A_tab_that_goes_on_after_its_refusals_is_closed_and_the_users_other_tab_is_not()
    {
        await StartAsync("Front:SendLimit:MessagesPerSecond=2");
        await using var calm = await OpenAsync();
        var (flooding, _) = await RawTab.OpenAsync(Gateway.Address, User);
        using (flooding)
        {
            for (var i = 1; i <= 60; i++)
                await flooding.SendAsync($$"""{"type":"send","id":"flood:{{i}}","text":"x"}""");
            await flooding.UntilClosedAsync();
            Assert.Equal((CloseCode.Flood.Code, CloseCode.Flood.Name), flooding.Closed);
        }

        Assert.Equal("sent", (await calm.SendAsync("calm:1", "x")).Status);
    }

    /// <summary>It costs the front what it may send, and hardly more: what it sends beyond that stays in its own socket.</summary>
    [Fact]
    public async Task A_tab_that_floods_is_held_back_and_gets_its_frames_all_the_while()
    {
        await StartAsync("Front:SendLimit:MessagesPerSecond=100");
        await using var calm = await OpenAsync();
        var (flooding, _) = await RawTab.OpenAsync(Gateway.Address, User);
        using var _ = flooding;
        var sending = Task.Run(
            async () =>
            {
                try
                {
                    for (var i = 1; i <= 5_000; i++)
                        await flooding.SendAsync($$"""{"type":"send","id":"flood:{{i}}","text":"x"}""");
                }
                catch (Exception e) when (e is WebSocketException or ObjectDisposedException or OperationCanceledException)
                {
                    // It has seen enough, and left.
                }
            },
            TestContext.Current.CancellationToken);

        var (taken, refused, frames) = (0, 0, 0);
        while (taken < 400)
        {
            var envelope = await flooding.NextAsync();
            switch (envelope.GetProperty("type").GetString())
            {
                case "receipt" when envelope.GetProperty("status").GetString() == "rejected":
                    Assert.Equal("rate", envelope.GetProperty("reason").GetString());
                    if (++refused % 5 == 0)
                        await Gateway.Backend.PushAsync(User, "meanwhile");
                    break;
                case "receipt":
                    taken++;
                    break;
                case "frames":
                    frames++;
                    break;
            }
        }

        // Two seconds' worth come at once, and the others at a hundred a second: for each refusal ten are taken.
        Assert.InRange(refused, 10, 60);
        Assert.True(frames > 0, "No frame came while the tab was held back.");
        Assert.Equal("sent", (await calm.SendAsync("calm:1", "x")).Status);
        flooding.Dispose();
        await sending;
    }

    [Fact]
    public async Task The_tab_that_is_one_too_many_is_closed_and_who_was_there_stays()
    {
        await StartAsync("Connection:MaxTabs=2");
        await using var one = await OpenAsync();
        await using var two = await OpenAsync();
        await using var three = await HubTab.ConnectAsync(Gateway.Address, User);

        await Eventually.HoldsAsync(() => three.Closing?.Reason == CloseCode.TooManyTabs.Name, "the third tab is closed");
        await three.Closed;
        Assert.Equal("sent", (await one.SendAsync("one:1", "x")).Status);
        Assert.Equal("sent", (await two.SendAsync("two:1", "x")).Status);
    }

    // None waits for the answer to the one before: a slow machine would let the limit recover between them.
    private static Task<TabReceipt[]> SendAtOnceAsync(HubTab tab, string client, int count, string text) =>
        Task.WhenAll(Enumerable.Range(1, count).Select(i => tab.SendAsync($"{client}:{i}", text)));

    private async Task<HubTab> OpenAsync()
    {
        var tab = await HubTab.OpenAsync(Gateway.Address, User);
        await Gateway.IsOpenAsync(User);
        await Eventually.HoldsAsync(() => tab.State is { Upstream: "open" }, "the upstream is open");
        return tab;
    }

    private Task StartAsync(string setting) => StartAsync("Development", setting);
}
