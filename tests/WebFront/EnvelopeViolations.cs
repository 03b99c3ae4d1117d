using System.Text.Json;
using Connections.Testing.Tabs;

namespace Connections.WebFront.Tests;

/// <summary>Who breaks <c>connections.v1</c> is told what was wrong and what would be right, and closed for good.</summary>
public sealed class EnvelopeViolations(DevelopmentGateway fixture) : IClassFixture<DevelopmentGateway>
{
    private const string Open = """{"type":"open"}""";

    private readonly RunningGateway _gateway = fixture.Gateway;

    public static TheoryData<string, string[]> Violations => new()
    {
        { "not the JSON that connections.v1 asks for", ["no json"] },
        { "not the JSON that connections.v1 asks for", ["[]"] },
        { "not the JSON that connections.v1 asks for", ["""{"type":7}"""] },
        { "a JSON object with a type", ["""{"position":"x"}"""] },
        { "a JSON object with a type", ["null"] },
        { "The first message must be", ["""{"type":"send","id":"c:1","text":"x"}"""] },
        { "The first message must be", ["""{"type":"ping"}"""] },
        { "<epoch>-<offset>, 16 hexadecimal digits", ["""{"type":"open","position":"17"}"""] },
        { "open comes once", [Open, Open] },
        { "There is no message of type 'shout'", [Open, """{"type":"shout"}"""] },
        { "either a text or data", [Open, """{"type":"send","id":"c:1","text":"x","data":"AAEC"}"""] },
        { "either a text or data", [Open, """{"type":"send","id":"c:1"}"""] },
        { "not the JSON that connections.v1 asks for", [Open, """{"type":"send","id":"c:1","data":"not base64!"}"""] },
        { "not the JSON that connections.v1 asks for", [Open, "{"] },
    };

    [Theory, MemberData(nameof(Violations))]
    public async Task A_violation_gets_an_error_and_4500(string says, string[] messages)
    {
        using var tab = await ConnectAsync();

        foreach (var message in messages)
            await tab.SendAsync(message);

        await AssertRefusedAsync(tab, says);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_binary_message_is_a_violation(bool afterOpen)
    {
        using var tab = await ConnectAsync();
        if (afterOpen)
            await tab.SendAsync(Open);

        await tab.SendAsync([1, 2, 3]);

        await AssertRefusedAsync(tab, "text messages only");
    }

    [Fact]
    public async Task What_follows_a_violation_is_not_obeyed()
    {
        var user = RunningGateway.NewUser();
        var (tab, _) = await RawTab.OpenAsync(_gateway.Address, user);
        using var _ = tab;
        await _gateway.IsOpenAsync(user);

        await tab.SendAsync("no json");
        for (var i = 1; i <= 50; i++)
            await tab.SendAsync($$"""{"type":"send","id":"c:{{i}}","text":"too late"}""");

        await AssertRefusedAsync(tab, "not the JSON");
        Assert.Empty(await _gateway.Backend.ReceivedAsync(user));
    }

    [Fact]
    public async Task A_message_over_the_limit_closes_with_1009()
    {
        using var tab = await ConnectAsync();
        await tab.SendAsync(Open);

        await tab.SendAsync(new string('x', 300_000));

        await tab.UntilClosedAsync();
        Assert.Equal(1009, tab.Closed.Code);
    }

    [Fact]
    public async Task No_open_within_10_s_closes_with_4004()
    {
        using var tab = await ConnectAsync();

        var messages = await tab.UntilClosedAsync();

        Assert.Equal((4004, "open-timeout"), tab.Closed);
        Assert.Equal(["""{"type":"closing","reason":"open-timeout"}"""], messages);
    }

    private static async Task AssertRefusedAsync(RawTab tab, string says)
    {
        var last = JsonDocument.Parse((await tab.UntilClosedAsync())[^1]).RootElement;
        Assert.Equal((4500, "protocol-error"), tab.Closed);
        Assert.Equal(("error", 4500), (last.GetProperty("type").GetString(), last.GetProperty("code").GetInt32()));
        Assert.Contains(says, last.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private Task<RawTab> ConnectAsync() => RawTab.ConnectAsync(_gateway.Address, $"user={RunningGateway.NewUser()}", RawTab.Envelopes);
}
