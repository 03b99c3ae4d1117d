using Connections.Testing;
using Connections.Testing.Tabs;
using Microsoft.AspNetCore.SignalR;

namespace Connections.WebFront.Tests;

/// <summary>A backend that asks for the user's own token: it is shown the newest of any tab, and a tab is asked for a fresh one when it refuses.</summary>
public sealed class RelayingTokens(SharedRedis redis) : GatewayPerTest(redis)
{
    [Fact]
    public async Task A_tab_that_comes_later_with_a_newer_token_opens_the_upstream_for_all()
    {
        var (old, right) = await StartAsync([]);
        await using var first = await OpenAsync(old);
        await Eventually.HoldsAsync(() => first.State is { TokenRefused: true }, "the first tab is told that its token was refused");

        await using var second = await OpenAsync(right);
        await Eventually.HoldsAsync(() => first.State is { Upstream: "open", TokenRefused: false }, "the first tab has the upstream too");
    }

    [Fact]
    public async Task A_fresh_token_over_the_same_line_opens_the_upstream_without_waiting_for_the_next_dial()
    {
        var (old, right) = await StartAsync(["Upstream:Backoff:MinDelay=00:01:00", "Upstream:Backoff:BaseDelay=00:01:00", "Upstream:Backoff:MaxDelay=00:02:00"]);
        await using var tab = await OpenAsync(old);
        await Eventually.HoldsAsync(() => tab.State is { Upstream: "waiting", TokenRefused: true }, "the tab is asked for a token");

        await tab.InvokeAsync<object?>("Renew", right);
        await Eventually.HoldsAsync(() => tab.State is { Upstream: "open", TokenRefused: false }, "the upstream is open", TimeSpan.FromSeconds(5));
        Assert.Equal(2, (await Gateway.Backend.UserAsync(User)).Dials);
    }

    [Fact]
    public async Task A_token_that_is_not_this_users_or_not_signed_is_not_taken()
    {
        var (old, _) = await StartAsync([]);
        await using var tab = await OpenAsync(old);

        foreach (var wrong in new[] { Tokens.For("somebody-else"), Tokens.For(User, key: "another key than that of the gateways"), Tokens.For(User, TimeSpan.FromHours(-1)), "no token" })
        {
            var refused = await Assert.ThrowsAsync<HubException>(() => tab.InvokeAsync<object?>("Renew", wrong));
            Assert.Contains("The token cannot be taken", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Unless_it_is_asked_for_no_token_leaves_the_front()
    {
        var (_, right) = await StartAsync(["Front:RelayTokens=false"]);
        await using var tab = await OpenAsync(right);

        await Eventually.HoldsAsync(() => tab.State is { Reason: { } reason } && reason.Contains("401", StringComparison.Ordinal), "the dial is refused");
        Assert.False(tab.State!.TokenRefused);

        // A fresh one prolongs the tab, and goes no further either.
        await tab.InvokeAsync<object?>("Renew", right);
        Assert.False((await tab.AskStateAsync()).Upstream == "open");
    }

    private Task<HubTab> OpenAsync(string token) => HubTab.OpenAsync(Gateway.Address, User, token: token);

    private async Task<(string Old, string Right)> StartAsync(string[] settings)
    {
        var (old, right) = (Tokens.For(User), Tokens.For(User, TimeSpan.FromMinutes(10)));
        await StartAsync("Production", [$"Auth:SigningKey={Tokens.Key}", "Front:RelayTokens=true", $"Backend:RequireToken={right}", .. settings]);
        return (old, right);
    }
}
