using System.Net;
using System.Text.Json;
using Connections.Testing;
using Connections.Testing.Tabs;

namespace Connections.WebFront.Tests;

/// <summary>Every event of <c>GET /sse</c>.</summary>
public sealed class EventStreamWire(DevelopmentGateway fixture) : IClassFixture<DevelopmentGateway>
{
    private readonly RunningGateway _gateway = fixture.Gateway;
    private readonly string _user = RunningGateway.NewUser();

    [Fact]
    public async Task The_first_event_says_where_the_tab_stands_and_frames_and_states_follow()
    {
        await using var tab = await OpenAsync();
        await Eventually.HoldsAsync(() => tab.State?.Upstream == "open", "the state says that the upstream is open");
        await _gateway.Backend.PushAsync(_user, "hello\nworld");
        await Eventually.HoldsAsync(() => tab.History.Frames.Any(f => f.Text == "hello\nworld"), "the frame has come");

        Assert.Equal((false, null, _user), (tab.Opened!.Recovered, tab.Opened.Gap, tab.Opened.User));
        Assert.Equal(tab.History.Position, tab.LastEventId);
        Assert.InRange(tab.Retry!.Value.TotalSeconds, 1, 4);
        Assert.Equal("text/event-stream", tab.Response.Content.Headers.ContentType?.MediaType);
        Assert.Contains("no-cache", tab.Response.Headers.CacheControl?.ToString(), StringComparison.Ordinal);
        Assert.Equal("no", tab.Response.Headers.GetValues("X-Accel-Buffering").Single());
        Assert.Empty(tab.History.Violations);
    }

    [Fact]
    public async Task The_time_to_wait_before_a_reconnect_differs_from_tab_to_tab()
    {
        var tabs = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => OpenAsync()));
        await Eventually.HoldsAsync(() => tabs.All(t => t.Retry is not null), "every tab has been told");

        Assert.True(tabs.Select(t => t.Retry).Distinct().Count() > 4);
        foreach (var tab in tabs)
            await tab.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Last_Event_ID_brings_exactly_what_was_missed(bool inTheAddress)
    {
        await using var stays = await OpenAsync();
        var history = new TabHistory();
        string position;
        await using (var tab = await EventTab.OpenAsync(_gateway.Address, $"user={_user}", history: history))
        {
            await PushAsync(tab, "one");
            position = tab.LastEventId!;
        }

        await PushAsync(stays, "two", "three");
        await using var back = inTheAddress
            ? await EventTab.OpenAsync(_gateway.Address, $"user={_user}&position={position}", history: history)
            : await EventTab.OpenAsync(_gateway.Address, $"user={_user}&position=0123456789abcdef-1", position, history);
        await Eventually.HoldsAsync(() => history.Frames[^1].Text == "three", "what was missed has come");

        Assert.True(back.Opened!.Recovered);
        Assert.Equal(["one", "two", "three"], history.Frames.Where(f => f.Kind == "text").Select(f => f.Text));
        Assert.Empty(history.Gaps);
        Assert.Empty(history.Violations);
    }

    [Fact]
    public async Task A_position_that_cannot_be_honoured_is_a_gap_event_whose_id_is_where_the_tab_goes_on()
    {
        await using var first = await OpenAsync();
        await PushAsync(first, "one");

        await using var tab = await EventTab.OpenAsync(_gateway.Address, $"user={_user}", "0123456789abcdef-7");
        await Eventually.HoldsAsync(() => tab.History.Gaps.Count == 1, "the gap has come");
        var afterTheGap = tab.LastEventId;
        await PushAsync(first, "two");
        await Eventually.HoldsAsync(() => tab.History.Count == 1, "live frames follow");

        Assert.Equal((false, "epoch-changed"), (tab.Opened!.Recovered, tab.History.Gaps[0].Reason));
        Assert.Equal(tab.Opened.Position, afterTheGap);
        Assert.Equal("two", tab.History.Frames[0].Text);
        Assert.Empty(tab.History.Violations);
    }

    [Theory]
    [InlineData("user=a", "17", HttpStatusCode.BadRequest, "<epoch>-<offset>")]
    [InlineData("user=a&client=a%20b", null, HttpStatusCode.BadRequest, "client id")]
    [InlineData("", null, HttpStatusCode.Unauthorized, "")]
    public async Task What_cannot_be_read_is_refused_with_what_would_be_right(string query, string? lastEventId, HttpStatusCode status, string says)
    {
        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => EventTab.OpenAsync(_gateway.Address, query, lastEventId));

        Assert.Equal(status, refused.StatusCode);
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_idle_stream_gets_comments()
    {
        using var http = new HttpClient();
        await using var stream = await http.GetStreamAsync(new Uri(_gateway.Address, $"/sse?user={_user}"), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);

        var lines = new List<string>();
        while (lines.Count(l => l == ":") < 2)
            lines.Add((await reader.ReadLineAsync(TestContext.Current.CancellationToken))!);

        Assert.Contains("event: opened", lines);
    }

    [Fact]
    public async Task Behind_a_proxy_that_passes_nothing_on_before_the_end_polling_brings_every_frame_once()
    {
        await using var other = await OpenAsync();
        await PushAsync(other, "zero");
        using var proxy = new HttpClient(); // GetStringAsync holds the answer back until its end.
        var seen = new List<string>();
        var position = other.LastEventId!;

        for (var i = 1; i <= 3; i++)
        {
            var polling = proxy.GetStringAsync(
                new Uri(_gateway.Address, $"/sse?user={_user}&poll=true&position={position}"), TestContext.Current.CancellationToken);
            await PushAsync(other, $"message {i}");
            var events = (await polling).Split('\n');
            seen.AddRange(events.Where(l => l.StartsWith("data: {\"offset\"", StringComparison.Ordinal)).Select(l => JsonDocument.Parse(l[6..]).RootElement.GetProperty("text").GetString()!));
            position = events.Last(l => l.StartsWith("id: ", StringComparison.Ordinal))[4..];
        }

        Assert.Equal(["message 1", "message 2", "message 3"], seen.Take(3));
    }

    private Task<EventTab> OpenAsync() => EventTab.OpenAsync(_gateway.Address, $"user={_user}");

    private async Task PushAsync(EventTab tab, params string[] texts)
    {
        await _gateway.IsOpenAsync(_user);
        foreach (var text in texts)
            await _gateway.Backend.PushAsync(_user, text);
        await Eventually.HoldsAsync(() => tab.History.Frames.Any(f => f.Text == texts[^1]), "the frame has come");
    }
}
