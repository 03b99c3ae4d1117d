using System.Text.Json;
using Connections.Testing;
using Connections.Testing.Tabs;

namespace Connections.WebFront.Tests;

/// <summary>Every message of the raw WebSocket's <c>connections.v1</c>.</summary>
public sealed class EnvelopeWire(DevelopmentGateway fixture) : IClassFixture<DevelopmentGateway>
{
    private readonly RunningGateway _gateway = fixture.Gateway;
    private readonly string _user = RunningGateway.NewUser();

    [Fact]
    public async Task Open_is_answered_with_opened_and_frames_and_states_follow()
    {
        var (tab, opened) = await RawTab.OpenAsync(_gateway.Address, _user);
        using var _ = tab;
        var (state, marker) = await StateAndMarkerAsync(tab);
        await _gateway.Backend.PushAsync(_user, "hello");
        var frames = await tab.NextAsync("frames");

        Assert.Equal(RawTab.Envelopes, tab.SubProtocol);
        Assert.Equal(["type", "recovered", "position", "state", "user", "tab"], Names(opened));
        Assert.Equal((false, _user), (opened.GetProperty("recovered").GetBoolean(), opened.GetProperty("user").GetString()));
        Assert.Matches("^[0-9a-f]{16}-0$", opened.GetProperty("position").GetString());
        Assert.Equal(["type", "state"], Names(state));
        Assert.Equal(
            ["upstream", "since", "breaker", "position", "generation", "fronts", "tabs"],
            Names(state.GetProperty("state")).Where(n => n is not ("reason" or "retryAfterMs")));
        Assert.Equal(["offset", "kind", "at", "text"], Names(marker));
        Assert.Equal(["type", "epoch", "frames"], Names(frames));
        Assert.Equal(opened.GetProperty("position").GetString()![..16], frames.GetProperty("epoch").GetString());
        var frame = Assert.Single(frames.GetProperty("frames").EnumerateArray());
        Assert.Equal((2, "text", "hello"), (frame.GetProperty("offset").GetInt64(), Kind(frame), frame.GetProperty("text").GetString()));
    }

    // In whichever order they come: the dial may be quicker than the first state.
    private static async Task<(JsonElement State, JsonElement Marker)> StateAndMarkerAsync(RawTab tab)
    {
        JsonElement? state = null, marker = null;
        while (state is null || marker is null)
        {
            var envelope = await tab.NextAsync();
            if (envelope.GetProperty("type").GetString() == "state")
                state = envelope;
            else if (envelope.GetProperty("type").GetString() == "frames")
                marker = Assert.Single(envelope.GetProperty("frames").EnumerateArray());
        }

        Assert.Equal("upstream-opened", Kind(marker.Value));
        return (state.Value, marker.Value);
    }

    [Fact]
    public async Task Open_at_a_position_gets_exactly_the_missing_frames()
    {
        var (first, opened) = await RawTab.OpenAsync(_gateway.Address, _user);
        await _gateway.IsOpenAsync(_user);
        foreach (var text in new[] { "a", "b", "c" })
            await _gateway.Backend.PushAsync(_user, text);
        await first.FramesUntilAsync(f => Offset(f) == 4);
        first.Dispose();

        var (second, resumed) = await RawTab.OpenAsync(_gateway.Address, _user, opened.GetProperty("position").GetString()![..17] + "2");
        using var _ = second;
        var frames = await second.FramesUntilAsync(f => Offset(f) == 4);

        Assert.True(resumed.GetProperty("recovered").GetBoolean());
        Assert.Equal(["b", "c"], frames.Select(f => f.GetProperty("text").GetString()));
    }

    [Fact]
    public async Task Open_at_a_position_that_cannot_be_honoured_says_the_gap_in_the_answer_and_in_the_first_batch()
    {
        var (first, _) = await RawTab.OpenAsync(_gateway.Address, _user);
        await first.FramesUntilAsync(f => Kind(f) == "upstream-opened");
        first.Dispose();

        var (second, opened) = await RawTab.OpenAsync(_gateway.Address, _user, "0123456789abcdef-5");
        using var _ = second;
        var batch = await second.NextAsync("frames");

        Assert.False(opened.GetProperty("recovered").GetBoolean());
        foreach (var gap in new[] { opened.GetProperty("gap"), batch.GetProperty("gap") })
            Assert.Equal("""{"reason":"epoch-changed","firstAvailable":1,"top":1,"next":2}""", gap.GetRawText());
        Assert.Equal(0, batch.GetProperty("frames").GetArrayLength());
    }

    [Fact]
    public async Task Sends_are_receipted_in_order()
    {
        var (tab, _) = await RawTab.OpenAsync(_gateway.Address, _user);
        using var _ = tab;
        await StateAndMarkerAsync(tab);

        await tab.SendAsync("""{"type":"send","id":"c:1","text":"grüß dich","unknown":{"field":1}}""");
        await tab.SendAsync("""{"type":"send","id":"c:2","data":"AAEC"}""");
        await tab.SendAsync("""{"type":"send","id":"c 3","text":"bad id"}""");
        await tab.SendAsync("""{"type":"send","text":"no id"}""");
        await tab.SendAsync($$"""{"type":"send","id":"c:3","text":"{{new string('x', 100_001)}}"}""");
        var receipts = new List<string>();
        for (var i = 0; i < 5; i++)
            receipts.Add((await tab.NextAsync("receipt")).GetRawText());

        Assert.Equal(
            [
                """{"type":"receipt","id":"c:1","status":"sent"}""",
                """{"type":"receipt","id":"c:2","status":"sent"}""",
                """{"type":"receipt","id":"c 3","status":"rejected","reason":"bad-id"}""",
                """{"type":"receipt","id":"","status":"rejected","reason":"bad-id"}""",
                """{"type":"receipt","id":"c:3","status":"rejected","reason":"too-large"}""",
            ],
            receipts);
        await Eventually.HoldsAsync(async () => (await _gateway.Backend.UserAsync(_user)).Connections == 1, "the upstream is still open");
        Assert.Equal("grüß dich", (await _gateway.Backend.ReceivedAsync(_user))[0]);
    }

    [Fact]
    public async Task A_binary_message_of_the_backend_comes_as_base64()
    {
        var (tab, _) = await RawTab.OpenAsync(_gateway.Address, _user);
        using var _ = tab;
        await _gateway.IsOpenAsync(_user);

        await tab.SendAsync("""{"type":"send","id":"c:1","text":"!binary 4"}""");
        var frame = (await tab.FramesUntilAsync(f => Kind(f) == "binary"))[^1];

        Assert.Equal(["offset", "kind", "at", "data"], Names(frame));
        Assert.Equal("AAECAw==", frame.GetProperty("data").GetString());
    }

    [Fact]
    public async Task State_and_ping_are_answered()
    {
        var (tab, _) = await RawTab.OpenAsync(_gateway.Address, _user);
        using var _ = tab;
        await tab.FramesUntilAsync(f => Kind(f) == "upstream-opened");

        await tab.SendAsync("""{"type":"ping"}""");
        var pong = await tab.NextAsync("pong");
        await tab.SendAsync("""{"type":"state"}""");
        var state = (await tab.NextAsync("state")).GetProperty("state");

        Assert.Equal("""{"type":"pong"}""", pong.GetRawText());
        Assert.Equal("open", state.GetProperty("upstream").GetString());
    }

    [Fact]
    public async Task A_rejected_send_says_why_and_the_connection_stays()
    {
        await _gateway.Backend.FaultAsync(new { mode = "refuse", users = new[] { _user } });
        var (tab, _) = await RawTab.OpenAsync(_gateway.Address, _user);
        using var _ = tab;
        while ((await tab.NextAsync("state")).GetProperty("state").GetProperty("breaker").GetProperty("state").GetString() != "open")
        {
        }

        await tab.SendAsync("""{"type":"send","id":"c:1","text":"hello"}""");
        var receipt = await tab.NextAsync("receipt");
        await tab.SendAsync("""{"type":"ping"}""");
        await tab.NextAsync("pong");

        Assert.Equal(("rejected", "breaker-open"), (receipt.GetProperty("status").GetString(), receipt.GetProperty("reason").GetString()));
        Assert.InRange(receipt.GetProperty("retryAfterMs").GetInt64(), 3_000, 11_000);
    }

    [Fact]
    public async Task A_message_that_waits_is_queued_and_its_final_receipt_follows()
    {
        await _gateway.Backend.FaultAsync(new { mode = "stall-accept", users = new[] { _user } });
        var (tab, _) = await RawTab.OpenAsync(_gateway.Address, _user);
        using var _ = tab;

        await tab.SendAsync("""{"type":"send","id":"c:1","text":"waits","delivery":"at-least-once"}""");

        Assert.Equal("""{"type":"receipt","id":"c:1","status":"queued"}""", (await tab.NextAsync("receipt")).GetRawText());
        Assert.Equal("""{"type":"receipt","id":"c:1","status":"expired"}""", (await tab.NextAsync("receipt")).GetRawText());
        await _gateway.Backend.HealAsync();
    }

    private static string? Kind(JsonElement frame) => frame.GetProperty("kind").GetString();

    private static long Offset(JsonElement frame) => frame.GetProperty("offset").GetInt64();

    private static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(p => p.Name);
}
