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
        await StartAsync("Front:SendLimit:MessagesPerSecond=10");
        await using var fast = await OpenAsync();
        await using var calm = await OpenAsync();

        // Two seconds' worth may come at once.
        var receipts = new List<TabReceipt>();
        for (var i = 1; i <= 25; i++)
            receipts.Add(await fast.SendAsync($"fast:{i}", "x"));

        Assert.All(receipts.Take(20), r => Assert.Equal("sent", r.Status));
        Assert.Contains(receipts, r => r is { Status: "rejected", Reason: "rate" });
        Assert.Equal("sent", (await calm.SendAsync("calm:1", "x")).Status);
        Assert.Null(fast.Closing);
    }

    [Fact]
    public async Task Bytes_count_as_well_as_messages()
    {
        await StartAsync("Front:SendLimit:BytesPerSecond=1000");
        await using var tab = await OpenAsync();

        Assert.Equal("sent", (await tab.SendAsync("b:1", new string('x', 1_900))).Status);
        Assert.Equal(("rejected", "rate"), await AnswerAsync(tab, "b:2", new string('x', 1_900)));
    }

    [Fact]
    public async Task AUser_with_many_tabs_has_one_limit()
    {
        await StartAsync("Connection:SendLimit:MessagesPerSecond=10");
        await using var one = await OpenAsync();
        await using var two = await OpenAsync();

        var answers = new List<(string, string?)>();
        for (var i = 1; i <= 15; i++)
        {
            answers.Add(await AnswerAsync(one, $"one:{i}", "x"));
            answers.Add(await AnswerAsync(two, $"two:{i}", "x"));
        }

        Assert.All(answers.Take(20), a => Assert.Equal("sent", a.Item1));
        Assert.Contains(("rejected", "rate"), answers);
    }

    [Fact]
    public async Task A_tab_that_goes_on_after_its_refusals_is_closed_and_theUsers_other_tab_is_not()
    {
        await StartAsync("Front:SendLimit:MessagesPerSecond=10");
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

    private static async Task<(string Status, string? Reason)> AnswerAsync(HubTab tab, string id, string text)
    {
        var receipt = await tab.SendAsync(id, text);
        return (receipt.Status, receipt.Reason);
    }

    private async Task<HubTab> OpenAsync()
    {
        var tab = await HubTab.OpenAsync(Gateway.Address, User);
        await Gateway.IsOpenAsync(User);
        await Eventually.HoldsAsync(() => tab.State is { Upstream: "open" }, "the upstream is open");
        return tab;
    }

    private Task StartAsync(string setting) => StartAsync("Development", setting);
}
