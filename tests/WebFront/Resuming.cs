using Connections.Testing;
using Connections.Testing.Tabs;

namespace Connections.WebFront.Tests;

/// <summary>A tab that comes back with its position gets exactly what it missed, or an honest refusal.</summary>
public sealed class Resuming(DevelopmentGateway fixture) : IClassFixture<DevelopmentGateway>
{
    private readonly RunningGateway _gateway = fixture.Gateway;
    private readonly string _user = RunningGateway.NewUser();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_second_connection_gets_exactly_the_missing_frames(bool whileAnotherTabIsOpen)
    {
        var stays = await OpenAsync();
        var history = new TabHistory();
        await using (var tab = await OpenAsync(history))
            await BurstAsync(history, 10);
        if (!whileAnotherTabIsOpen)
            await stays.DisposeAsync();
        var seen = history.Count;
        using var silent = await RawTab.ConnectAsync(_gateway.Address, $"user={_user}");
        await silent.SendAsync("!burst 20");
        for (var i = 0; i < 20; i++)
            await silent.ReceiveTextAsync();

        await using var back = await OpenAsync(history);
        await Eventually.HoldsAsync(() => history.Count == seen + 20, "the missing frames have come", seen: () => $"{history.Count}");
        await _gateway.Backend.PushAsync(_user, "live");
        await Eventually.HoldsAsync(() => history.Frames[^1].Text == "live", "live frames follow");

        Assert.True(back.Opened.Recovered);
        Assert.Null(back.Opened.Gap);
        Assert.Empty(history.Gaps);
        Assert.Empty(history.Violations);
        Assert.Equal(seen + 21, history.Count);
        await stays.DisposeAsync();
    }

    [Fact]
    public async Task Many_tabs_see_the_same_frames_in_the_same_order()
    {
        var histories = Enumerable.Range(0, 8).Select(_ => new TabHistory()).ToArray();
        var tabs = await Task.WhenAll(histories.Select((h, i) => HubTab.OpenAsync(_gateway.Address, _user, h, messagePack: i % 2 == 0)));
        await _gateway.IsOpenAsync(_user);

        for (var i = 1; i <= 20; i++)
            await _gateway.Backend.PushAsync(_user, $"message {i}");
        await Eventually.HoldsAsync(() => histories.All(h => h.Frames.Any(f => f.Text == "message 20")), "every tab has the last message");

        Assert.All(histories, h => Assert.Empty(h.Violations));
        Assert.All(histories, h => Assert.Equal(
            Enumerable.Range(1, 20).Select(i => $"message {i}"), h.Frames.Where(f => f.Kind == "text").Select(f => f.Text)));
        Assert.Equal((1, 1, 1), await _gateway.Backend.UserAsync(_user));
        foreach (var tab in tabs)
            await tab.DisposeAsync();
    }

    [Fact]
    public async Task A_position_out_of_the_window_is_refused_as_evicted_and_the_tab_goes_on_live()
    {
        var history = new TabHistory();
        await using (var tab = await OpenAsync(history))
            await BurstAsync(history, 1);
        using (var other = await RawTab.ConnectAsync(_gateway.Address, $"user={_user}"))
        {
            for (var i = 0; i < 300; i++)
            {
                if (i % 50 == 0)
                    await other.SendAsync("!burst 50");
                await other.ReceiveTextAsync();
            }
        }

        // The front keeps more than the silo while a tab is here: the last one has to be gone.
        await Eventually.HoldsAsync(async () => await TabsAsync() == 0, "no tab is left");
        await using var back = await OpenAsync(history);
        await _gateway.Backend.PushAsync(_user, "live");
        await Eventually.HoldsAsync(() => history.Frames[^1].Text == "live", "live frames follow");

        Assert.Equal(new TabGap("evicted", 203, 302, 303), back.Opened.Gap);
        Assert.False(back.Opened.Recovered);
        Assert.Equal([back.Opened.Gap!], history.Gaps);
        Assert.Empty(history.Violations);
    }

    [Fact]
    public async Task A_position_of_another_epoch_is_refused_as_epoch_changed()
    {
        await using var first = await OpenAsync();
        await Eventually.HoldsAsync(() => first.History.Count == 1, "the upstream is open");
        await using var tab = await HubTab.ConnectAsync(_gateway.Address, _user);

        await tab.OpenAtAsync("0123456789abcdef-7");

        Assert.Equal((false, new TabGap("epoch-changed", 1, 1, 2)), (tab.Opened.Recovered, tab.Opened.Gap));
    }

    [Fact]
    public async Task A_user_whose_log_was_lost_gets_the_gap_in_the_flow_of_batches()
    {
        var history = new TabHistory();
        await using var tab = await OpenAsync(history);
        await BurstAsync(history, 5);
        var (raw, _) = await RawTab.OpenAsync(_gateway.Address, _user);
        using var verbatim = await RawTab.ConnectAsync(_gateway.Address, $"user={_user}");
        var epoch = history.Position!.Split('-')[0];

        await _gateway.LoseOwnerAsync(_user);
        await Eventually.HoldsAsync(() => history.Gaps.Count > 0, "the tab is told of the gap", seen: () => $"{history.Position}");
        await _gateway.IsOpenAsync(_user);
        await _gateway.Backend.PushAsync(_user, "after");
        await Eventually.HoldsAsync(() => history.Frames[^1].Text == "after", "frames go on");

        Assert.Equal("epoch-changed", Assert.Single(history.Gaps).Reason);
        Assert.Empty(history.Violations);
        Assert.NotEqual(epoch, history.Position!.Split('-')[0]);
        Assert.Equal("epoch-changed", (await GapAsync(raw)).GetProperty("reason").GetString());
        await verbatim.UntilClosedAsync();
        Assert.Equal((4002, "gap"), verbatim.Closed);
        raw.Dispose();
    }

    private static async Task<System.Text.Json.JsonElement> GapAsync(RawTab raw)
    {
        while (true)
        {
            if ((await raw.NextAsync("frames")).TryGetProperty("gap", out var gap))
                return gap;
        }
    }

    private async Task BurstAsync(TabHistory history, int count)
    {
        await _gateway.IsOpenAsync(_user);
        var seen = history.Frames.Count(f => f.Kind == "text");
        for (var i = 0; i < count; i++)
            await _gateway.Backend.PushAsync(_user, $"{i}");
        await Eventually.HoldsAsync(() => history.Frames.Count(f => f.Kind == "text") == seen + count, "the messages have come");
    }

    private async Task<int> TabsAsync()
    {
        await using var probe = await HubTab.ConnectAsync(_gateway.Address, _user);
        return (await probe.AskStateAsync()).Tabs;
    }

    private Task<HubTab> OpenAsync(TabHistory? history = null) => HubTab.OpenAsync(_gateway.Address, _user, history);
}
