using System.Text.Json;
using Connections.Testing.Tabs;

namespace Connections.WebFront.Tests;

/// <summary>Who breaks <c>connections.v1</c> is told what was wrong and what would be right, and closed for good: <c>tests/Door/BadEnvelopes.cs</c> has the violations, here is what comes of them.</summary>
public sealed class EnvelopeViolations(DevelopmentGateway fixture) : IClassFixture<DevelopmentGateway>
{
    private readonly RunningGateway _gateway = fixture.Gateway;

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
