using Connections.Core;
using Connections.Testing;

namespace Connections.Grains.Tests;

/// <summary>What outlives an owner, and how the newer of two owners wins.</summary>
public sealed class OwningAUser
{
    private const string User = "alice";

    [Fact]
    public async Task The_generation_grows_by_one_with_each_owner_and_the_backend_is_told()
    {
        await using var gateway = await TestGateway.StartAsync();
        for (var generation = 1; generation <= 3; generation++)
        {
            var front = gateway.Front();
            var reply = await front.AttachAsync(User);
            var opened = await front.GetsAsync(User, f => f.Kind is FrameKind.UpstreamOpened);

            Assert.Equal(generation, reply.Generation);
            Assert.Equal(generation, opened.Json().GetProperty("generation").GetInt64());
            Assert.Equal(generation, await gateway.Backend.LastGenerationAsync(User));
            Assert.All(front.Runs(User), r => Assert.Equal(generation, r.Generation));
            await gateway.DeactivateAsync(User);
        }
    }

    [Fact]
    public async Task An_open_breaker_is_still_open_for_the_next_owner_with_the_remaining_time()
    {
        await using var gateway = await TestGateway.StartAsync("Upstream:Breaker:BreakDuration=00:05:00");
        await gateway.Backend.FaultAsync(new { mode = "refuse" });
        await gateway.Front().AttachAsync(User);
        var before = await gateway.StateIsAsync(User, s => s.Breaker.State is BreakerState.Open, "the breaker is open");
        await gateway.DeactivateAsync(User);
        await gateway.Backend.HealAsync();

        var reply = await gateway.Front().AttachAsync(User);

        var after = await gateway.StateIsAsync(User, s => s.Upstream is Abstractions.State.UpstreamStatus.Waiting, "the upstream waits for the breaker");
        Assert.Equal(2, reply.Generation);
        Assert.Equal(before.Breaker, after.Breaker);
        Assert.Equal(before.Breaker.OpenUntil!.Value, after.RetryAt!.Value, 1_000d);
        Assert.Equal(3, (await gateway.Backend.UserAsync(User)).Dials);
    }

    [Fact]
    public async Task A_breakers_transition_is_stored_while_the_owner_lives()
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.Backend.FaultAsync(new { mode = "refuse" });
        await gateway.Front().AttachAsync(User);

        await Eventually.HoldsAsync(async () => (await gateway.StoredAsync(User)).Breaker?.State is BreakerState.Open, "the open breaker is stored");

        var stored = await gateway.StoredAsync(User);
        Assert.Equal((1, false), (stored.Generation, stored.Clean));
    }

    [Fact]
    public async Task An_owner_that_did_not_sign_off_leaves_a_new_epoch_and_its_generation()
    {
        await using var gateway = await TestGateway.StartAsync();
        var front = await gateway.OpenAsync(User);
        var epoch = (await gateway.User(User).GetState()).Epoch;
        await gateway.DeactivateAsync(User);
        await gateway.StoreAsync(User, s => s.Clean = false);

        var reply = await front.AttachAsync(User, new FramePosition(epoch, 1));

        Assert.Equal((2, Refusal.EpochChanged), (reply.Generation, reply.Read.Refusal));
        Assert.NotEqual(epoch, reply.Read.Epoch);
    }

    [Fact]
    public async Task An_owner_that_lost_its_user_closes_the_upstream_with_4409_and_sends_its_fronts_to_the_next()
    {
        await using var backend = await new CloseRecorder().StartAsync();
        await using var gateway = await TestGateway.StartAsync(
            $"Upstream:Url={backend.Upstream}", "Upstream:StableAfter=00:00:02", "Upstream:Breaker:BreakDuration=00:00:00.100");
        backend.Refuses = true;
        var front = gateway.Front();
        await front.AttachAsync(User);
        await gateway.StateIsAsync(User, s => s.Breaker.State is not BreakerState.Closed, "the breaker has opened");

        // The probe opens the upstream; that it lasts closes the breaker, and storing that meets the newer owner.
        backend.Refuses = false;
        await front.GetsAsync(User, f => f.Kind is FrameKind.UpstreamOpened);
        await gateway.StoreAsync(User, s => (s.Generation, s.Owner, s.Clean) = (7, "another silo", false));
        var closed = await front.GetsAsync(User, f => f.Kind is FrameKind.UpstreamClosed);
        await gateway.EndsAsync(User);
        await Eventually.HoldsAsync(() => backend.Closes.Count > 0, "the backend's socket is closed");

        Assert.Equal((4409, "owner-changed", "gateway"), closed.Close());
        Assert.Equal([4409], backend.Closes);
        Assert.True(front.Runs(User)[^1].Released);
        Assert.Equal((7, "another silo"), (await gateway.StoredAsync(User)).Owner is { } owner ? ((await gateway.StoredAsync(User)).Generation, owner) : default);
        Assert.Equal(8, (await front.AttachAsync(User)).Generation);
    }

    [Fact]
    public async Task A_state_that_vanished_from_the_store_is_written_anew()
    {
        await using var gateway = await TestGateway.StartAsync("Upstream:StableAfter=00:00:30");
        var front = await gateway.OpenAsync(User);
        await gateway.ClearAsync(User);

        await gateway.DeactivateAsync(User);

        var stored = await gateway.StoredAsync(User);
        Assert.Equal((1, true), (stored.Generation, stored.Clean));
        Assert.Equal(front.Frames(User)[^1].Offset, stored.Top);
    }
}
