using Connections.Core;
using Connections.Grains.Abstractions.Sending;
using Connections.Grains.Abstractions.State;
using Connections.Testing;

namespace Connections.Grains.Tests;

/// <summary>A backend that refuses is left alone: three dials, a break, one probe.</summary>
public sealed class BreakingTheCircuit
{
    private const string User = "alice";

    [Fact]
    public async Task Three_failed_dials_open_the_breaker_and_state_and_receipts_say_so()
    {
        await using var gateway = await TestGateway.StartAsync("Outbox:TimeToLive=00:00:05");
        await gateway.Backend.FaultAsync(new { mode = "refuse", status = 503 });
        var front = gateway.Front();
        await front.AttachAsync(User);

        var state = await gateway.StateIsAsync(User, s => s.Breaker.State is BreakerState.Open && s.RetryAt is not null, "the breaker is open");
        var receipt = Assert.Single(await gateway.SendAsync(User, "hello"));

        Assert.Equal((3, 1), (state.Breaker.Failures, state.Breaker.Trips));
        Assert.Equal((UpstreamStatus.Waiting, "dial failed: 503"), (state.Upstream, state.Reason));
        Assert.InRange(state.RetryAt!.Value - state.Since, 25_000, 33_100);
        Assert.Equal((ReceiptStatus.Rejected, ReceiptReason.BreakerOpen), (receipt.Status, receipt.Reason));
        Assert.InRange(receipt.RetryAfterMs!.Value, 20_000, 33_000);
        Assert.Equal(3, (await gateway.Backend.UserAsync(User)).Dials);
        await Eventually.HoldsAsync(() => front.State(User)?.Breaker.State is BreakerState.Open, "the front has been told");
    }

    [Fact]
    public async Task After_the_break_one_probe_closes_the_breaker()
    {
        await using var gateway = await TestGateway.StartAsync(
            "Upstream:Breaker:BreakDuration=00:00:03", "Upstream:Breaker:Jitter=0", "Upstream:StableAfter=00:00:00.050");
        await gateway.Backend.FaultAsync(new { mode = "refuse" });
        var front = gateway.Front();
        await front.AttachAsync(User);
        await gateway.StateIsAsync(User, s => s.Breaker.State is BreakerState.Open, "the breaker is open");

        await gateway.Backend.HealAsync();
        await gateway.StateIsAsync(User, s => s.Breaker.State is BreakerState.Closed, "the breaker is closed");

        Assert.Equal(4, (await gateway.Backend.UserAsync(User)).Dials);
        Assert.Equal([FrameKind.UpstreamOpened], front.Frames(User).Select(f => f.Kind));
        Assert.Equal(ReceiptStatus.Sent, (await gateway.SendAsync(User, "hello"))[0].Status);
    }

    [Fact]
    public async Task A_failed_probe_opens_it_again_for_longer()
    {
        await using var gateway = await TestGateway.StartAsync("Upstream:Breaker:BreakDuration=00:00:00.200", "Upstream:Breaker:BreakGrowth=100");
        await gateway.Backend.FaultAsync(new { mode = "refuse" });
        await gateway.Front().AttachAsync(User);

        var state = await gateway.StateIsAsync(
            User, s => s.Breaker is { State: BreakerState.Open, Trips: 2 } && s.Upstream is UpstreamStatus.Waiting, "the breaker is open again");

        Assert.InRange(state.Breaker.OpenUntil!.Value - state.Since, 15_000, 23_000);
        Assert.Equal(4, (await gateway.Backend.UserAsync(User)).Dials);
    }

    [Fact]
    public async Task A_backend_that_accepts_and_drops_at_once_is_failing_too()
    {
        await using var gateway = await TestGateway.StartAsync("Upstream:StableAfter=00:00:30");
        var front = await gateway.OpenAsync(User);

        for (var dial = 1; dial <= 3; dial++)
        {
            await front.GetsAsync(User, f => f.Kind is FrameKind.UpstreamOpened && f.Offset >= (2 * dial) - 1);
            await gateway.Backend.DropAsync(User);
            await front.GetsAsync(User, f => f.Kind is FrameKind.UpstreamClosed && f.Offset >= 2 * dial);
        }

        await gateway.StateIsAsync(User, s => s.Breaker.State is BreakerState.Open, "the breaker is open");
        Assert.Equal(3, (await gateway.Backend.UserAsync(User)).Dials);
    }

    [Fact]
    public async Task A_backend_that_asks_for_a_pause_gets_it()
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.Backend.FaultAsync(new { mode = "refuse", status = 429, retryAfterSeconds = 120 });
        await gateway.Front().AttachAsync(User);

        var state = await gateway.StateIsAsync(User, s => s.Upstream is UpstreamStatus.Waiting, "the dial has failed");

        Assert.InRange(state.RetryAt!.Value - state.Since, 115_000, 140_000);
        Assert.Equal(1, (await gateway.Backend.UserAsync(User)).Dials);
    }

    [Fact]
    public async Task One_users_breaker_is_not_anothers()
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.Backend.FaultAsync(new { mode = "refuse", users = new[] { User } });
        await gateway.Front().AttachAsync(User);
        await gateway.StateIsAsync(User, s => s.Breaker.State is BreakerState.Open, "the breaker is open");

        await gateway.OpenAsync("bob");

        Assert.Equal(BreakerState.Closed, (await gateway.User("bob").GetState()).Breaker.State);
    }
}
