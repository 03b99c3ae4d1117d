using Connections.Core;
using Connections.Grains.Abstractions.Sending;
using Connections.Grains.Placement;
using Connections.Testing;

namespace Connections.Grains.Tests;

/// <summary>What a user takes along when it is handed over to another silo.</summary>
public sealed class MovingToAnotherSilo
{
    private const string User = "alice";

    [Fact]
    public async Task Its_place_in_the_log_and_the_frames_move()
    {
        await using var gateway = await TestGateway.StartAsync(silos: 2);
        var front = await gateway.OpenAsync(User);
        await gateway.Backend.PushAsync(User, "before");
        var frame = await front.GetsAsync(User, f => f.Text() == "before");
        var epoch = (await gateway.User(User).GetState()).Epoch;

        await gateway.HandOverAsync(User);
        var reply = await front.AttachAsync(User, new FramePosition(epoch, frame.Offset - 1));

        Assert.Equal((epoch, Refusal.None), (reply.Read.Epoch, reply.Read.Refusal));
        Assert.Contains(reply.Read.Frames, f => f.Offset == frame.Offset && f.Text() == "before");
        AssertNothingWasLostOnTheWay(gateway);
    }

    [Fact]
    public async Task Messages_that_wait_move_and_go_out_once()
    {
        await using var gateway = await TestGateway.StartAsync(silos: 2, "Upstream:Breaker:FailureThreshold=0");
        await gateway.Backend.FaultAsync(new { mode = "refuse", status = 503 });
        var front = gateway.Front();
        await front.AttachAsync(User);
        Assert.All(await gateway.SendAsync(User, "one", "two"), r => Assert.Equal(ReceiptStatus.Queued, r.Status));

        await gateway.HandOverAsync(User);
        await gateway.Backend.HealAsync();
        await front.AttachAsync(User);

        await Eventually.HoldsAsync(
            () => front.Receipts(User).Count(r => r.Status is ReceiptStatus.Sent) == 2, "the front has both receipts", seen: gateway.Log.ToString);
        Assert.Equal(["one", "two"], await gateway.Backend.ReceivedAsync(User));
        AssertNothingWasLostOnTheWay(gateway);
    }

    [Fact]
    public async Task An_open_breaker_moves_with_the_remaining_time()
    {
        await using var gateway = await TestGateway.StartAsync(silos: 2, "Upstream:Breaker:BreakDuration=00:05:00");
        await gateway.Backend.FaultAsync(new { mode = "refuse" });
        var front = gateway.Front();
        await front.AttachAsync(User);
        var before = await gateway.StateIsAsync(User, s => s.Breaker.State is BreakerState.Open, "the breaker is open");

        await gateway.HandOverAsync(User);

        Assert.Equal(before.Breaker, (await gateway.User(User).GetState()).Breaker);
        AssertNothingWasLostOnTheWay(gateway);
    }

    [Fact]
    public async Task Who_is_asked_again_to_leave_the_silo_that_it_has_left_stays_where_it_is()
    {
        await using var gateway = await TestGateway.StartAsync(silos: 2);
        await gateway.OpenAsync(User);
        var left = (await gateway.Operations(User).Explain()).Silo;
        await gateway.HandOverAsync(User);
        var here = (await gateway.Operations(User).Explain()).Silo;

        await gateway.Client.GetGrain<IHandOver>(User).HandOverFrom(left);

        Assert.Equal(here, (await gateway.Operations(User).Explain()).Silo);
    }

    // Orleans goes on without what could not be written or read, and says so in the log only.
    private static void AssertNothingWasLostOnTheWay(TestGateway gateway) =>
        Assert.DoesNotContain(gateway.Log.Errors, e => e.Contains("hydrat", StringComparison.OrdinalIgnoreCase));
}
