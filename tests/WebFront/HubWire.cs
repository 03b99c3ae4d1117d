using System.Security.Cryptography;
using Connections.Testing;
using Connections.Testing.Tabs;
using Microsoft.AspNetCore.SignalR;

namespace Connections.WebFront.Tests;

/// <summary>Every message of the SignalR hub, in both protocols, with and without negotiation.</summary>
public sealed class HubWire(DevelopmentGateway fixture) : IClassFixture<DevelopmentGateway>
{
    private readonly RunningGateway _gateway = fixture.Gateway;
    private readonly string _user = RunningGateway.NewUser();

    public static TheoryData<bool, bool> Forms => new() { { false, false }, { false, true }, { true, false }, { true, true } };

    [Theory, MemberData(nameof(Forms))]
    public async Task Open_answers_where_the_tab_stands_and_frames_and_states_follow(bool messagePack, bool skipNegotiation)
    {
        await using var tab = await OpenAsync(messagePack: messagePack, skipNegotiation: skipNegotiation);
        await Eventually.HoldsAsync(() => tab.State?.Upstream == "open", "the state says that the upstream is open");
        await _gateway.Backend.PushAsync(_user, "hello");
        await GetsAsync(tab, f => f.Text == "hello");

        Assert.Equal((false, null, _user), (tab.Opened.Recovered, tab.Opened.Gap, tab.Opened.User));
        Assert.Matches("-[01]$", tab.Opened.Position);
        Assert.NotEmpty(tab.Opened.Tab);
        Assert.Equal(("closed", 0, 0, null), (tab.State!.Breaker.State, tab.State.Breaker.Failures, tab.State.Breaker.Trips, tab.State.Breaker.RetryAfterMs));
        Assert.Equal((1, 1, 1), (tab.State.Generation, tab.State.Fronts, tab.State.Tabs));

        // On a slow machine the upstream may be open before the tab stands anywhere.
        var first = tab.History.Frames[0];
        var expected = tab.Opened.Position.EndsWith('0') ? (1, "upstream-opened", """{"generation":1}""") : (2, "text", "hello");
        Assert.Equal(expected, (first.Offset, first.Kind, first.Text));
        Assert.InRange(first.At, 1_700_000_000_000, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        Assert.Empty(tab.History.Violations);
    }

    [Theory, MemberData(nameof(Forms))]
    public async Task Send_and_SendBinary_reach_the_backend_and_are_receipted(bool messagePack, bool skipNegotiation)
    {
        await using var tab = await OpenAsync(messagePack: messagePack, skipNegotiation: skipNegotiation);
        await _gateway.IsOpenAsync(_user);
        var bytes = RandomNumberGenerator.GetBytes(10_000);

        var text = await tab.SendAsync("tab:1", "grüß dich");
        var binary = await tab.SendBinaryAsync("tab:2", bytes);
        await GetsAsync(tab, f => f.Kind == "binary");

        Assert.Equal(new TabReceipt("tab:1", "sent", null, null, null), text);
        Assert.Equal(new TabReceipt("tab:2", "sent", null, null, null), binary);
        Assert.Equal("grüß dich", (await _gateway.Backend.ReceivedAsync(_user))[0]);
        Assert.Equal(bytes, tab.History.Frames.Single(f => f.Kind == "binary").Data);
        Assert.Equal(1, tab.History.Frames.Single(f => f.Kind == "text").Count);
    }

    [Theory, MemberData(nameof(Forms))]
    public async Task A_position_that_cannot_be_honoured_is_told_as_a_gap_in_the_answer_and_in_the_first_batch(bool messagePack, bool skipNegotiation)
    {
        await using var first = await OpenAsync();
        await GetsAsync(first, f => f.Kind == "upstream-opened");

        await using var second = await HubTab.ConnectAsync(_gateway.Address, _user, null, messagePack, skipNegotiation);
        await second.OpenAtAsync(first.Opened.Position[..^1] + "99");
        await _gateway.Backend.PushAsync(_user, "after the gap");
        await GetsAsync(second, f => f.Text == "after the gap");

        var gap = new TabGap("future-offset", 1, 1, 2);
        Assert.Equal((false, gap), (second.Opened.Recovered, second.Opened.Gap));
        Assert.EndsWith("-1", second.Opened.Position, StringComparison.Ordinal);
        Assert.Equal([gap], second.History.Gaps);
        Assert.Equal([2], second.History.Frames.Select(f => f.Offset));
        Assert.Empty(second.History.Violations);
    }

    [Fact]
    public async Task State_answers_how_the_connection_stands_now()
    {
        await using var one = await OpenAsync();
        await using var two = await OpenAsync();
        await GetsAsync(two, f => f.Kind == "upstream-opened", orAfterOpen: true);

        await Eventually.HoldsAsync(async () => (await one.AskStateAsync()).Tabs == 2, "both tabs are counted");
        var state = await two.AskStateAsync();

        Assert.Equal(("open", 1, 2, 1), (state.Upstream, state.Fronts, state.Tabs, state.Generation));
        Assert.EndsWith("-1", state.Position, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_waiting_upstream_says_why_and_how_long_and_a_send_says_breaker_open()
    {
        await _gateway.Backend.FaultAsync(new { mode = "refuse", status = 503, users = new[] { _user } });
        await using var tab = await OpenAsync();

        await Eventually.HoldsAsync(() => tab.State is { Upstream: "waiting", Breaker.State: "open" }, "the breaker is open", seen: () => $"{tab.State}");
        var receipt = await tab.SendAsync("tab:1", "hello");

        Assert.Equal("dial failed: 503", tab.State!.Reason);
        Assert.InRange(tab.State.RetryAfterMs!.Value, 5_000, 11_000);
        Assert.InRange(tab.State.Breaker.RetryAfterMs!.Value, 5_000, 11_000);
        Assert.Equal((3, 1), (tab.State.Breaker.Failures, tab.State.Breaker.Trips));
        Assert.Equal(("rejected", "breaker-open"), (receipt.Status, receipt.Reason));
        Assert.InRange(receipt.RetryAfterMs!.Value, 3_000, 11_000);
    }

    [Theory, MemberData(nameof(Forms))]
    public async Task A_message_that_waits_is_queued_and_its_final_receipt_comes_to_the_tab_that_sent_it(bool messagePack, bool skipNegotiation)
    {
        await _gateway.Backend.FaultAsync(new { mode = "stall-accept", users = new[] { _user } });
        await using var other = await OpenAsync();
        await using var tab = await OpenAsync(messagePack: messagePack, skipNegotiation: skipNegotiation);

        var answer = await tab.SendAsync("tab:1", "waits");
        await Eventually.HoldsAsync(() => tab.LateReceipts.Count > 0, "the final receipt has come");

        Assert.Equal(new TabReceipt("tab:1", "queued", null, null, null), answer);
        Assert.Equal([new TabReceipt("tab:1", "expired", null, null, null)], tab.LateReceipts);
        Assert.Empty(other.LateReceipts);
        await _gateway.Backend.HealAsync();
    }

    [Fact]
    public async Task A_repeated_id_gets_the_stored_answer_and_a_skipped_one_says_which_is_expected()
    {
        await using var tab = await OpenAsync();
        await _gateway.IsOpenAsync(_user);

        var first = await tab.SendAsync("tab:1", "once");
        var again = await tab.SendAsync("tab:1", "once");
        var skipped = await tab.SendAsync("tab:3", "too early");
        await tab.SendAsync("tab:2", "twice");
        await Eventually.HoldsAsync(async () => (await _gateway.Backend.ReceivedAsync(_user)).Contains("twice"), "the last message has arrived");

        Assert.Equal(first, again);
        Assert.Equal(new TabReceipt("tab:3", "rejected", "expected", null, 2), skipped);
        Assert.Equal(["once", "twice"], await _gateway.Backend.ReceivedAsync(_user));
    }

    [Fact]
    public async Task A_delivery_that_there_is_not_is_an_error_that_says_which_there_are()
    {
        await using var tab = await OpenAsync();

        var error = await Assert.ThrowsAsync<HubException>(() => tab.SendAsync("tab:1", "hello", "exactly-once"));

        Assert.Contains("at-most-once and at-least-once", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Opening_twice_is_an_error()
    {
        await using var tab = await OpenAsync();

        var error = await Assert.ThrowsAsync<HubException>(() => tab.InvokeAsync<TabOpened>("Open", [null]));

        Assert.Contains("open already", error.Message, StringComparison.Ordinal);
        Assert.Equal(("sent", null), await SentAsync(tab));
    }

    [Theory]
    [InlineData("17")]
    [InlineData("00c3a1f09b7d2e44")]
    [InlineData("00C3A1F09B7D2E44-17")]
    [InlineData("00c3a1f09b7d2e44--1")]
    [InlineData("")]
    public async Task A_position_that_cannot_be_read_is_an_error_that_says_what_is_right(string position)
    {
        await using var tab = await HubTab.ConnectAsync(_gateway.Address, _user);

        var error = await Assert.ThrowsAsync<HubException>(() => tab.OpenAtAsync(position));

        Assert.Contains("<epoch>-<offset>, 16 hexadecimal digits, a hyphen and a number", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1")]
    [InlineData(":1")]
    [InlineData("tab:0")]
    [InlineData("tab:-1")]
    [InlineData("t b:1")]
    [InlineData("tab:1x")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa:1")]
    public async Task A_bad_id_is_rejected_as_bad_id(string id)
    {
        await using var tab = await OpenAsync();

        Assert.Equal(new TabReceipt(id, "rejected", "bad-id", null, null), await tab.SendAsync(id, "hello"));
    }

    [Fact]
    public async Task A_message_over_the_limit_is_rejected_as_too_large_and_the_connection_stays()
    {
        await using var tab = await OpenAsync();
        await _gateway.IsOpenAsync(_user);

        Assert.Equal(new TabReceipt("tab:1", "rejected", "too-large", null, null), await tab.SendAsync("tab:1", new string('x', 100_001)));
        Assert.Equal(new TabReceipt("tab:2", "rejected", "too-large", null, null), await tab.SendBinaryAsync("tab:2", new byte[100_001]));
        Assert.Equal(new TabReceipt("tab:3", "sent", null, null, null), await tab.SendAsync("tab:3", new string('x', 100_000)));
    }

    private async Task<(string Status, string? Reason)> SentAsync(HubTab tab)
    {
        await _gateway.IsOpenAsync(_user);
        var receipt = await tab.SendAsync("tab:1", "hello");
        return (receipt.Status, receipt.Reason);
    }

    private Task<HubTab> OpenAsync(TabHistory? history = null, bool messagePack = false, bool skipNegotiation = true) =>
        HubTab.OpenAsync(_gateway.Address, _user, history, messagePack, skipNegotiation);

    private static Task GetsAsync(HubTab tab, Func<TabFrame, bool> frame, bool orAfterOpen = false) =>
        Eventually.HoldsAsync(
            () => tab.History.Frames.Any(frame) || (orAfterOpen && !tab.Opened.Position.EndsWith("-0", StringComparison.Ordinal)),
            "the frame has come",
            seen: () => string.Join('\n', tab.History.Frames));
}
