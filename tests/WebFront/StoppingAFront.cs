using System.Text.Json;
using Connections.Testing;
using Connections.Testing.Tabs;

namespace Connections.WebFront.Tests;

/// <summary>A front that stops tells every tab to come again, and when.</summary>
public sealed class StoppingAFront(SharedRedis redis)
{
    private readonly string _user = RunningGateway.NewUser();

    [Fact]
    public async Task Every_tab_is_told_going_away_and_when_to_come_again()
    {
        await using var gateway = await RunningGateway.StartAsync(redis.Server);
        await using var hub = await HubTab.OpenAsync(gateway.Address, _user);
        var (envelopes, _) = await RawTab.OpenAsync(gateway.Address, _user);
        using var verbatim = await RawTab.ConnectAsync(gateway.Address, $"user={_user}");
        await Eventually.HoldsAsync(() => hub.State?.Tabs == 3, "all tabs are counted");

        var started = TimeProvider.System.GetTimestamp();
        var stopping = gateway.StopAsync();
        var messages = await envelopes.UntilClosedAsync();
        await verbatim.UntilClosedAsync();
        await hub.Closed;

        var closing = JsonDocument.Parse(messages[^1]).RootElement;
        Assert.Equal(("closing", "going-away"), (closing.GetProperty("type").GetString(), closing.GetProperty("reason").GetString()));
        Assert.InRange(closing.GetProperty("retryAfterMs").GetInt64(), 0, 3_000);
        Assert.Equal((4000, "going-away"), envelopes.Closed);
        Assert.Equal((4000, "going-away"), verbatim.Closed);
        await Eventually.HoldsAsync(() => hub.Closing is not null, "the hub's tab is told", TimeSpan.FromSeconds(3));
        Assert.Equal("going-away", hub.Closing?.Reason);
        Assert.InRange(hub.Closing!.Value.RetryAfterMs!.Value, 0, 3_000);
        await stopping;
        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(10));
        envelopes.Dispose();
    }
}
